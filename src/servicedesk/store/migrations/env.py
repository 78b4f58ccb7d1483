"""What Alembic runs: always on the connection that `store.migrate` hands over, in its transaction."""

from typing import Any, Literal

from alembic import context

from servicedesk.store.tables import METADATA

SEARCH = ("call_search", "customer_search", "complaint_search")


def include_object(thing: Any, name: str | None, kind: str, *_: Any) -> bool:
    """Search tables are made by hand; Alembic does not compare them."""
    return not (kind == "table" and (name or "").startswith(SEARCH))


def render_item(kind: str, thing: Any, autogen: Any) -> str | Literal[False]:
    """Our own column types by their names, so that a migration reads alike on both engines."""
    module = type(thing).__module__
    if kind == "type" and module == "servicedesk.store.types":
        autogen.imports.add("from servicedesk.store import types")
        return f"types.{type(thing).__name__}()"
    if kind == "type" and type(thing).__name__ in ("Text", "BigInteger"):
        autogen.imports.add("from servicedesk.store import types")
        return "types.Words" if type(thing).__name__ == "Text" else "types.Number"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,
    include_object=include_object,
    render_item=render_item,
)
context.run_migrations()
