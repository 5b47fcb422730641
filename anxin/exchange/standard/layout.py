"""How a package is laid out besides its objects: its manifest, and the folder of contracts on file."""

MANIFEST = "manifest.json"
#: what a package says it is; another number is another shape
SHAPE = "anxin-real-name-package/1"
FOLDER = "contracts/"
#: contracts in one package: pieces and bytes in all
MOST_FILES = 20_000
MOST_FILE_BYTES = 400 * 1024 * 1024
