"""The audit trail, which is append-only: the database refuses to change or delete a row of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

REFUSED = "the audit trail is only added to"
KEPT = {
    "sqlite": [
        f"CREATE TRIGGER trail_kept_from_{event.lower()} BEFORE {event} ON trail BEGIN "
        f"SELECT RAISE(ABORT, '{REFUSED}'); END"
        for event in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE FUNCTION trail_is_kept() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$",
        "CREATE TRIGGER trail_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON trail "
        "FOR EACH STATEMENT EXECUTE FUNCTION trail_is_kept()",
    ],
}


def upgrade() -> None:
    """Create the table and the triggers that protect it."""
    op.create_table(
        "trail",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person", sa.Text()),
        sa.Column("admin", sa.Boolean(), nullable=False),
        sa.Column("act", sa.String(32), nullable=False),
        sa.Column("what", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_trail"),
    )
    bind = op.get_bind()
    for statement in KEPT[bind.dialect.name]:
        bind.exec_driver_sql(statement)
