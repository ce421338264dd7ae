"""`python -m buzzeasy_soap` is the `buzzeasy` command."""

from buzzeasy_soap.cli import main

main()
