"""A list to choose from is written as WTForms writes it, only quicker."""

import pytest
from flask import Flask
from wtforms import SelectField
from wtforms.fields import SelectChoice
from wtforms.widgets import Select

from brigades.web import Form

ODD = "\"'<&>\u00a0ا"


class Choosing(Form):
    """Values and words of every kind."""

    one = SelectField(
        choices=[
            SelectChoice("", "Nothing"),
            SelectChoice(ODD, ODD),
            SelectChoice("bare"),
            SelectChoice("off", "Off", {"disabled": True}),
        ]
    )
    grouped = SelectField(choices=[SelectChoice(ODD, "In it", optgroup=ODD)])
    number = SelectField(choices=[SelectChoice(1, "One"), SelectChoice(2, "Two")], coerce=int)


@pytest.mark.parametrize("chosen", [{}, {"one": ODD, "grouped": ODD, "number": 2}])
def test_it_is_written_as_wtforms_writes_it(chosen: dict[str, object]):
    app = Flask(__name__)
    app.config.update(SECRET_KEY="x", WTF_CSRF_ENABLED=False)
    with app.test_request_context():
        form = Choosing(formdata=None, data=chosen)
        for field in form:
            assert field() == Select()(field)
            assert field(class_="wide", required=True) == Select()(
                field, class_="wide", required=True
            )
