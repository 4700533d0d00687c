"""Labels beside points stay apart and inside the frame."""

from bakeoff.report.charts.labels import place_labels


def test_labels_never_overlap():
    # A dense row of points: some labels find a place further off, the last find none.
    anchors = [(100.0 + 9 * index, 150.0) for index in range(30)]
    points = [(x - 6, y - 6, x + 6, y + 6) for x, y in anchors]
    frame = (48.0, 40.0, 472.0, 312.0)
    boxes = place_labels(anchors, [(90.0, 15.0)] * 30, points, frame)
    placed = [box for box in boxes if box]
    assert boxes[0] is not None
    assert 8 < len(placed) < 30
    everything = placed + points
    for index, a in enumerate(placed):
        assert frame[0] <= a[0] < a[2] <= frame[2]
        assert frame[1] <= a[1] < a[3] <= frame[3]
        for b in everything[index + 1 :]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def test_the_nearest_free_place_is_taken_right_before_left_before_above():
    frame = (0.0, 0.0, 400.0, 400.0)
    right, left = (209.0, 190.0, 249.0, 210.0), (151.0, 190.0, 191.0, 210.0)
    above = (180.0, 171.0, 220.0, 191.0)
    far = [(float(at), 390.0, at + 1.0, 391.0) for at in range(200)]  # in nobody's way
    for obstacles, box in (
        (far, right),
        ([*far, (210, 200, 211, 201)], left),
        ([*far, (210, 200, 211, 201), (160, 200, 161, 201)], above),
    ):
        (found,) = place_labels([(200.0, 200.0)], [(40.0, 20.0)], obstacles, frame)
        assert found == box
