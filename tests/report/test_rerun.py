"""The commands that make a sweep again."""


def test_it_tells_how_to_run_it_again(page):
    assert "bakeoff run localization" in page.text
    assert "hydra.mode=RUN model=lenet5/deep seed=2" in page.text
    assert "9f2c61d0a7be" in page.text
    assert "lr: ${lr}" in page.text  # unresolved: what it stands for may be a secret
