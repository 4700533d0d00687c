"""The data sets bakeoff knows: where their files are, what is in them, under which licence."""

from dataclasses import dataclass

from bakeoff.errors import BakeoffError


@dataclass(frozen=True)
class RemoteFile:
    """One file to download, trusted by its content and not by where it came from.

    `path` is relative, with forward slashes: the same below the data folder and below a mirror.
    `sha256` is in lower-case hexadecimal digits, `size` in bytes. `urls` are tried in order.
    """

    path: str
    sha256: str
    size: int
    urls: tuple[str, ...]


@dataclass(frozen=True)
class DataSet:
    """A data set by name. Without files it is embedded: it comes with an installed package."""

    name: str
    description: str
    licence: str
    files: tuple[RemoteFile, ...] = ()

    @property
    def embedded(self) -> bool:
        """Whether it needs no download."""
        return not self.files

    @property
    def size(self) -> int:
        """Bytes to download."""
        return sum(file.size for file in self.files)


def _mnist(name: str, sha256: str, size: int) -> RemoteFile:
    hosts = (
        "https://ossci-datasets.s3.amazonaws.com/mnist",
        "https://storage.googleapis.com/cvdf-datasets/mnist",
    )
    return RemoteFile(f"mnist/{name}", sha256, size, tuple(f"{host}/{name}" for host in hosts))


CATALOG: dict[str, DataSet] = {
    data.name: data
    for data in (
        DataSet(
            name="digits",
            description="1,797 handwritten digits, 8x8 grey levels, embedded in scikit-learn",
            licence="CC BY 4.0 (UCI); distributed with scikit-learn, BSD-3-Clause",
        ),
        DataSet(
            name="mnist",
            description="70,000 handwritten digits, 28x28 grey levels (60,000 train, 10,000 test)",
            licence="CC BY-SA 3.0 (Y. LeCun, C. Cortes)",
            files=(
                _mnist(
                    "train-images-idx3-ubyte.gz",
                    "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
                    9_912_422,
                ),
                _mnist(
                    "train-labels-idx1-ubyte.gz",
                    "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
                    28_881,
                ),
                _mnist(
                    "t10k-images-idx3-ubyte.gz",
                    "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
                    1_648_877,
                ),
                _mnist(
                    "t10k-labels-idx1-ubyte.gz",
                    "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
                    4_542,
                ),
            ),
        ),
    )
}


def find(name: str) -> DataSet:
    """Return the data set called `name`. Raises BakeoffError that lists the valid names."""
    if name not in CATALOG:
        raise BakeoffError(f"no data set is called {name!r}: expected one of {', '.join(CATALOG)}")
    return CATALOG[name]
