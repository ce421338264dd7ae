"""The contract in Python: records, their shapes, operations and typed proxies.

Generated from wsdl/ by tools/regenerate.py. Do not edit.
"""

from types import MappingProxyType
from typing import Final

from buzzeasy_soap.contract import buzz_me_info
from buzzeasy_soap.contract import request_callback_service
from buzzeasy_soap.wire.operation import Service

SERVICES: Final = MappingProxyType(
    {
        service.name: service
        for service in (
            buzz_me_info.SERVICE,
            request_callback_service.SERVICE,
        )
    }
)
"""Each service by its name."""

__all__ = ["SERVICES", "Service", "buzz_me_info", "request_callback_service"]
