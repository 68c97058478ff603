"""`Value`: the frozen base of everything that travels between the parts."""

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """A value: equal by content, never changed after it is made.

    The sentence under each field becomes the field's description in `schema/`.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        # What we send is complete: who reads it need not ask whether a field is there.
        json_schema_serialization_defaults_required=True,
    )
