"""``@predictions``: a query that Rekognition, Translate and Polly answer. Only its schema is built.

https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/connect-machine-learning-services/
"""

from itertools import pairwise

from habitr_emulator.amplify.transform.document import Directive, Field, Type, arguments, inputs
from habitr_emulator.amplify.transform.names import upper
from habitr_emulator.amplify.transform.transformation import Transformation

#: action -> the actions that may follow it
_FOLLOWED_BY = {
    "identifyText": ("translateText",),
    "identifyLabels": ("translateText", "convertTextToSpeech"),
    "translateText": ("convertTextToSpeech",),
    "convertTextToSpeech": (),
}
#: action -> what its input asks for; the first action of the text ones also asks for the text
_ASKED = {
    "identifyText": ("key",),
    "identifyLabels": ("key",),
    "translateText": ("sourceLanguage", "targetLanguage"),
    "convertTextToSpeech": ("voiceID",),
}


def read(transformation: Transformation, owner: Type, field: Field, directive: Directive) -> None:
    """Give the field its one argument, the inputs of its actions, and its answer: a text, or labels."""
    if owner.name != transformation.document.roots["query"]:
        transformation.refuse("@predictions directive only works under Query operations.", directive)
    given = directive.arguments["actions"]
    actions = list(given) if isinstance(given, list) else [given]
    if transformation.version == 2:
        _check(transformation, actions, directive)
    stem, pairs = upper(field.name), list[tuple[str, str]]()
    for place, action in enumerate(actions):
        name = f"{stem}{upper(action)}Input"
        text = ("text",) if place == 0 and "key" not in _ASKED[action] else ()
        transformation.add(inputs(name, ((asked, "String!") for asked in (*_ASKED[action], *text))))
        pairs.append((action, f"{name}!"))
    transformation.add(inputs(f"{stem}Input", pairs))
    field.arguments = arguments(("input", f"{stem}Input!"))
    labels = "identifyLabels" in actions and actions[-1] != "convertTextToSpeech"
    field.type = "[String]" if labels else "String"


def _check(transformation: Transformation, actions: list[str], directive: Directive) -> None:
    if not actions:
        transformation.refuse("@predictions directive requires at least one action.", directive)
    for before, action in pairwise(actions):
        if action not in _FOLLOWED_BY[before]:
            transformation.refuse(f"{action} is not supported in this context!", directive)
