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


# The course's books: path below gutenberg/, bytes, SHA-256.
BOOKS = (
    (
        "data_test/Twenty_Thousand_Leagues_under_the_Sea.txt",
        613_819,
        "e6b9031d5dc6a190b3768578b8b183ed6092017dff3b386a57001c4bcfef4c12",
    ),
    (
        "data_train/Heimskringla.txt",
        1_668_944,
        "48f12e34b7196576332f9dfa5e9333ad2ca29f2a37ba60c6a31d68414268b98b",
    ),
    (
        "data_train/candide.txt",
        183_163,
        "522c7020af80bc9facf93616934d079e72c1e300a7dfb3ba500e57b5ab7be773",
    ),
    (
        "data_train/dracula.txt",
        834_275,
        "62184d7bfe9334e9fec85006b8e5ccce8d7333d01e091c51280503752a0e30a3",
    ),
    (
        "data_train/enchiridion.txt",
        39_241,
        "fb0f8adbf44f176c509be3a492cbd98d38561cf5e1a71b24e90a14cc0ccdeee5",
    ),
    (
        "data_train/grimm_fairy_tales.txt",
        513_208,
        "dfa72f902a63a8f3a8a1b01d800e5b821af91fd54faaad4c9dfd0b4546be2a99",
    ),
    (
        "data_train/manual_of_gardening.txt",
        890_480,
        "fb6c77e0a0b613424189810063fccb1a8a1e0e3d8ae2e1f0a2fdc70ecd6bc302",
    ),
    (
        "data_train/meditations.txt",
        226_415,
        "9bc26bd8df380c69353103ef785a16aa802885dc5357a3e3c3df17c02959c868",
    ),
    (
        "data_train/miserables.txt",
        3_202_731,
        "3c72f07247348d59a58640ac2c40928107f84b8c964d7f095e4fa36527102b42",
    ),
    (
        "data_train/poirot_investigates.txt",
        296_433,
        "04c6ac2a3f79eec80981abacfdef4d7d4241c4d4373195624b002402c7340725",
    ),
    (
        "data_train/the_adventures_of_sherlock_holmes.txt",
        561_314,
        "142cac5264264580fed135788f61993cae94b28f43902b8db8e30f5436164092",
    ),
    (
        "data_train/the_monomaniac.txt",
        761_245,
        "e0154772f233f0dcdd7a1e49d9d320e66eb747d020c4656473b67bd3397359f6",
    ),
    (
        "data_train/under_fire.txt",
        622_709,
        "df37d1634bea6cf2db75ce0eb94f8384f8e254e3530fc17bbebd50d53be03e78",
    ),
    (
        "data_train/war_and_peace.txt",
        3_214_261,
        "117c36a35bad0ec0541151f6160390cc2e397b4a079b55ef0b5d0a28433f0284",
    ),
    (
        "data_val/a_study_in_scarlet.txt",
        238_417,
        "1c70b6e781e72707a4ee89585b30f8b6401166b42c1b450de004952edafb6fc5",
    ),
)


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
        DataSet(
            name="python_docs",
            description="Python's language reference, 66,000 words, embedded in Python",
            licence="PSF-2.0",
        ),
        DataSet(
            name="course_books",
            description="15 books of Project Gutenberg, cut to their text (13 train, 1 val, 1 test); "
            "from a mirror only",
            licence="public domain in the USA",
            files=tuple(
                RemoteFile(f"gutenberg/{path}", sha256, size, ()) for path, size, sha256 in BOOKS
            ),
        ),
        DataSet(
            name="word_similarity",
            description="WordSim-353 (2002) and SimLex-999 (2015): pairs of words and how similar "
            "people find them; from a mirror only",
            licence="none stated (L. Finkelstein et al.; F. Hill et al.)",
            files=(
                RemoteFile(
                    "wordsim/EN-SIMLEX-999.txt",
                    "405394ffb7d25f6d0e3c041f87c9f27d29dc6b047506769953e85c4523b11685",
                    18_024,
                    (),
                ),
                RemoteFile(
                    "wordsim/EN-WS-353-ALL.txt",
                    "ce12919b240af45bdf46d243601eaca2b6212b159b5e7e9b435ee7ee40c5619c",
                    7_405,
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
