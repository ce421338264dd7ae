"""The sandbox: the whole Buzzeasy service on the user's own machine."""

from buzzeasy_soap.errors import ConfigurationError

try:
    from buzzeasy_soap.sandbox.config import SandboxConfig
    from buzzeasy_soap.sandbox.server import Sandbox
except ImportError as error:
    if (error.name or "").partition(".")[0] not in {"phonenumbers", "sqlalchemy", "starlette", "uvicorn"}:
        raise
    raise ConfigurationError('the sandbox needs: pip install "buzzeasy-soap[sandbox]"') from None

__all__ = ["Sandbox", "SandboxConfig"]
