"""The public face: domain objects in and out, blocking and on asyncio."""
