"""The data sets bakeoff knows: where their files are, what is in them, under which licence."""

from dataclasses import dataclass

from bakeoff.errors import BakeoffError


@dataclass(frozen=True)
class RemoteFile:
    """One file to download, trusted by its content and not by where it came from.

    `path` is relative, with forward slashes: the same below the data folder and below a mirror.
    `sha256` is in lower-case hexadecimal digits, `size` in bytes. `urls` are tried in order; a file
    without any comes from a mirror alone.
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


MNIST_HOSTS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist",
    "https://storage.googleapis.com/cvdf-datasets/mnist",
)
FASHION_HOSTS = (
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion",
)


def _mnist(name: str, sha256: str, size: int) -> RemoteFile:
    return RemoteFile(f"mnist/{name}", sha256, size, tuple(f"{h}/{name}" for h in MNIST_HOSTS))


def _fashion(name: str, sha256: str, size: int) -> RemoteFile:
    urls = tuple(f"{host}/{name}" for host in FASHION_HOSTS)
    return RemoteFile(f"fashion_mnist/{name}", sha256, size, urls)


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
        DataSet(
            name="fashion_mnist",
            description="70,000 pieces of clothing, 28x28 grey levels (60,000 train, 10,000 test)",
            licence="MIT (Zalando SE)",
            files=(
                _fashion(
                    "train-images-idx3-ubyte.gz",
                    "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                    26_421_880,
                ),
                _fashion(
                    "train-labels-idx1-ubyte.gz",
                    "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
                    29_515,
                ),
                _fashion(
                    "t10k-images-idx3-ubyte.gz",
                    "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                    4_422_102,
                ),
                _fashion(
                    "t10k-labels-idx1-ubyte.gz",
                    "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
                    5_148,
                ),
            ),
        ),
        DataSet(
            name="cifar10",
            description="60,000 photographs of 10 kinds, 32x32 RGB (50,000 train, 10,000 test)",
            licence="none stated (A. Krizhevsky, University of Toronto, 2009)",
            files=(
                RemoteFile(
                    # The binary version: arrays of bytes, nothing to unpickle.
                    "cifar10/cifar-10-binary.tar.gz",
                    "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
                    170_052_171,
                    ("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",),
                ),
            ),
        ),
        DataSet(
            name="cifar2",
            description="12,000 airplanes and birds of CIFAR-10 as JPEG, which lost some detail "
            "(10,000 train, 2,000 test); from a mirror only",
            licence="as cifar10",
            files=(
                RemoteFile(
                    "cifar2/cifar2_images.tar.gz",
                    "d55549ad9afaacbc351fddcc045fce337cc73f255141b836c00e97434bb4b7a4",
                    3_493_405,
                    (),
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
