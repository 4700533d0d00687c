"""`bakeoff predict`: image files to a trained net."""

import argparse
from pathlib import Path

from bakeoff.store import paths
from bakeoff.verbs import allow_option


def add(verbs: argparse._SubParsersAction) -> None:
    """Declare the options."""
    parser = verbs.add_parser("predict", help="detections or classes for image files")
    parser.add_argument("run", help=paths.RUN_FORMS)
    parser.add_argument("files", nargs="+", type=Path, help="PNG or JPEG files, or folders of them")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="where pictures and JSON go")
    parser.add_argument(
        "--invert",
        action="store_true",
        help="dark on light images, for a net trained on light on dark",
    )
    allow_option.add(parser)
    parser.set_defaults(answer=answer)


def answer(parsed: argparse.Namespace) -> None:
    """Draw and print what the net finds."""
    run_dir = paths.run_dir(parsed.run)
    from bakeoff.use.predict import predict

    predict(run_dir, parsed.files, parsed.out, parsed.invert)
