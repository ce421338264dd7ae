"""The sandbox: the whole Buzzeasy service on your own machine.

Requires the extra `[sandbox]`.
"""

from buzzeasy_soap.extras import extra

with extra("sandbox", "phonenumbers", "sqlalchemy", "starlette", "uvicorn"):
    from buzzeasy_soap.opening_hours import OpeningHours
    from buzzeasy_soap.sandbox.config import Company, SandboxConfig
    from buzzeasy_soap.sandbox.server import Sandbox

__all__ = ["Company", "OpeningHours", "Sandbox", "SandboxConfig"]
