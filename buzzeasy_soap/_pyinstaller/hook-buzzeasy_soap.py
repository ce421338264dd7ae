"""What PyInstaller does not see: files, the distribution's metadata, and modules imported by their names."""

from pathlib import Path

from PyInstaller.utils.hooks import collect_data_files, copy_metadata

import buzzeasy_soap
from buzzeasy_soap import transports
from buzzeasy_soap.description.documents import packaged_directory

datas = [
    *collect_data_files("buzzeasy_soap"),
    *copy_metadata("buzzeasy-soap"),
    # Once more from beside the package, where that is a checkout.
    *((str(path), "buzzeasy_soap/wsdl") for path in Path(str(packaged_directory())).iterdir()),
]
hiddenimports = [*buzzeasy_soap._LAZY.values(), *(module for module, *_ in transports._LAZY.values())]
