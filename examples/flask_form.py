"""A callback form with Flask. However often it is sent, the customer is called once.

pip install "buzzeasy-soap" flask
export BUZZEASY_…   # as printed by `buzzeasy sandbox`
flask --app flask_form run
"""

import threading
import uuid

from flask import Flask, render_template_string, request
from werkzeug.wrappers import Response

from buzzeasy_soap import (
    BuzzeasyClient,
    BuzzeasyError,
    InvalidNumberFormat,
    InvalidRequest,
    Outcome,
    OutOfHours,
)

PAGE = """
<p role="status">{{ message }}</p>
{% if not placed %}
<form method="post">
  <input name="reference" type="hidden" value="{{ reference }}">
  <label>Name <input name="name" value="{{ request.form.name }}"></label>
  <label>Phone <input name="phone" type="tel" value="{{ request.form.phone }}"></label>
  <button>Call me back</button>
</form>
{% endif %}
"""


def create_app(buzzeasy: BuzzeasyClient | None = None) -> Flask:
    """The application; the client's settings come from the environment."""
    app = Flask(__name__)
    client = buzzeasy or BuzzeasyClient.from_env(reference_field=10, timeout=20)
    # By reference: what must not be sent again. Several processes would keep this in a database.
    answers: dict[str, str] = {}
    lock = threading.Lock()

    def show(reference: str, message: str, status: int = 200) -> Response:
        placed = reference in answers
        page = render_template_string(PAGE, reference=reference, message=message, placed=placed)
        return Response(page, status, mimetype="text/html")

    @app.get("/")
    def form() -> Response:
        return show(str(uuid.uuid4()), "")

    @app.post("/")
    def place() -> Response:
        reference = request.form["reference"]
        with lock:
            if reference in answers:  # a second click, or a reload
                return show(reference, answers[reference])
            answers[reference] = "Your request is being processed."
        try:
            confirmation = client.request_call_when_available(
                request.form["name"], request.form["phone"], region="GB", reference=reference
            )
        except BuzzeasyError as error:
            if error.outcome is not Outcome.UNKNOWN:  # nothing was placed: the customer may try again
                del answers[reference]
                return show(reference, _apology(error), 422 if isinstance(error, InvalidRequest) else 502)
            answers[reference] = "We may already have your request: please do not send it again."
            return show(reference, answers[reference], 202)
        answers[reference] = f"We will call you. Your reference is {confirmation.code}."
        return show(reference, answers[reference])

    return app


def _apology(error: BuzzeasyError) -> str:
    match error:
        case InvalidRequest() | InvalidNumberFormat():
            return "Please check your name and phone number."
        case OutOfHours():
            return "We are closed. Please try again during opening hours."
        case _:
            return "We cannot take your request now. Please try again later."
