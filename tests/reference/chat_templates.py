"""Writes tests/fixtures/chat-templates/<style>/: tokenizer folders with chat templates of our own, written in the styles
that published families use, and what transformers' apply_chat_template makes of conversations.

    pip install -r requirements.txt && python chat_templates.py
"""

import json
import shutil
from pathlib import Path

from jinja2.exceptions import TemplateError
from tokenizers import processors
from transformers import AutoTokenizer

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
FOLDER = FIXTURES / "chat-templates"

# Turns between markers, a system turn of its own where there is none; line breaks belong to the layout.
MARKERS = """\
{%- if tools is not none %}
    {{- raise_exception("no tools here") }}
{%- endif %}
{%- if messages[0]['role'] != 'system' %}
    {{- '<|turn|>system\\nYou keep the gate.<|over|>\\n' }}
{%- endif %}
{%- for message in messages %}
    {{- '<|turn|>' + message.role + '\\n' + message.content + '<|over|>' + '\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|turn|>assistant\\n' }}
{%- endif %}
"""

# Headers after a first token, contents trimmed, a date that may be set, tools that nobody gave.
HEADERS = """\
{{- bos_token }}
{%- if not date_string is defined %}
    {%- set date_string = "2 May 2024" %}
{%- endif %}
{%- if tools is defined and tools is not none %}
    {{- raise_exception("tools are not for this town") }}
{%- endif %}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content'] | trim %}
    {%- set rest = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
    {%- set rest = messages %}
{%- endif %}
{{- "<|head|>system<|/head|>\\n\\n" }}
{{- "Today is " + date_string + ".\\n\\n" + system_message + "<|over|>" }}
{%- for message in rest %}
    {{- '<|head|>' + message['role'] + '<|/head|>\\n\\n' + message['content'] | trim + '<|over|>' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|head|>assistant<|/head|>\\n\\n' }}
{%- endif %}
"""

# Instructions in brackets; turns must alternate; the system's text goes before the last question.
BRACKETS = """\
{%- if messages[0]["role"] == "system" -%}
    {%- set system_message = messages[0]["content"] -%}
    {%- set loop_messages = messages[1:] -%}
{%- else -%}
    {%- set loop_messages = messages -%}
{%- endif -%}
{{ bos_token }}
{%- for message in loop_messages -%}
    {%- if (message["role"] == "user") != (loop.index0 % 2 == 0) -%}
        {{ raise_exception("Questions and answers must take turns!") }}
    {%- endif -%}
    {%- if message["role"] == "user" -%}
        {%- if loop.last and system_message is defined -%}
            {{ "[ASK] " + system_message + "\\n\\n" + message["content"] + " [/ASK]" }}
        {%- else -%}
            {{ "[ASK] " + message["content"] + " [/ASK]" }}
        {%- endif -%}
    {%- else -%}
        {{ " " + message["content"] + eos_token }}
    {%- endif -%}
{%- endfor -%}
"""

# Answers may begin with a thought, which is left out of all but the last; macros, namespaces, text methods, JSON.
THOUGHTS = """\
{%- macro line(role, text) -%}
<|turn|>{{ role }}
{{ text }}<|over|>
{% endmacro -%}
{%- set ns = namespace(last_question=-1) -%}
{%- for message in messages[::-1] -%}
    {%- set index = (messages | length - 1) - loop.index0 -%}
    {%- if ns.last_question == -1 and message.role == "user" -%}
        {%- set ns.last_question = index -%}
    {%- endif -%}
{%- endfor -%}
{%- for message in messages -%}
    {%- if message.content is string -%}
        {%- set content = message.content -%}
    {%- else -%}
        {%- set content = message.content | tojson -%}
    {%- endif -%}
    {%- if message.role == "assistant" and '</thought>' in content and loop.index0 <= ns.last_question -%}
        {%- set content = content.split('</thought>')[-1].lstrip('\\n') -%}
    {%- endif -%}
    {{- line(message.role, content) -}}
{%- endfor -%}
{%- if add_generation_prompt -%}
    {{- '<|turn|>assistant\\n' -}}
    {%- if enable_thinking is defined and enable_thinking is false -%}
        {{- '<thought></thought>' -}}
    {%- endif -%}
{%- endif -%}
"""

STYLES = {
    "markers": {"template": MARKERS, "tokens": ["<|turn|>", "<|over|>"], "end": "<|over|>", "own_file": False},
    "headers": {"template": HEADERS, "tokens": ["<|begin|>", "<|head|>", "<|/head|>", "<|over|>"], "end": "<|over|>",
                "begin": "<|begin|>", "own_file": True},
    "brackets": {"template": BRACKETS, "tokens": ["<s>", "</s>", "[ASK]", "[/ASK]"], "end": "</s>", "begin": "<s>",
                 "own_file": False},
    "thoughts": {"template": THOUGHTS, "tokens": ["<|turn|>", "<|over|>"], "end": "<|over|>", "own_file": True},
}  # fmt: skip

QUESTION = {"role": "user", "content": "  Who keeps the north gate?\n"}
ANSWER = {"role": "assistant", "content": "Old Merrin keeps it."}
CONVERSATIONS = {
    "question": [QUESTION],
    "answered": [QUESTION, ANSWER],
    "with a system turn": [{"role": "system", "content": "Be brief. Être bref 🙂"}, QUESTION, ANSWER, QUESTION],
    "with thoughts": [
        QUESTION,
        {"role": "assistant", "content": "<thought>I know him.</thought>\n\nMerrin."},
        {"role": "user", "content": "Since when?"},
        {"role": "assistant", "content": "<thought>Long.</thought>\n\nSince the frost."},
    ],
    "two questions": [QUESTION, QUESTION],
}
TEXT = "The lamps<|over|></s> are lit."


def tokenizer_of(style: dict):
    """The tiny tokenizer with the style's markers as special tokens; a first token is put before plain text."""
    tokenizer = AutoTokenizer.from_pretrained(FIXTURES / "gpt2-tiny" / "model")
    tokenizer.add_special_tokens({"additional_special_tokens": style["tokens"], "eos_token": style["end"]})
    if begin := style.get("begin"):
        tokenizer.add_special_tokens({"bos_token": begin})
        tokenizer.backend_tokenizer.post_processor = processors.TemplateProcessing(
            single=f"{begin} $A", special_tokens=[(begin, tokenizer.convert_tokens_to_ids(begin))]
        )
    tokenizer.chat_template = style["template"]
    return tokenizer


def rendered(tokenizer, turns: list[dict], add_generation_prompt: bool) -> dict:
    """The text and its ids, or what the template says against the conversation."""
    options = {"add_generation_prompt": add_generation_prompt}
    entry = {"turns": turns, **options}
    try:
        text = tokenizer.apply_chat_template(turns, tokenize=False, **options)
    except TemplateError as error:
        return entry | {"refused": str(error)}
    ids = tokenizer.apply_chat_template(turns, tokenize=True, return_dict=True, **options)["input_ids"]
    return entry | {"text": text, "ids": ids}


def main() -> None:
    for name, style in STYLES.items():
        shutil.rmtree(FOLDER / name, ignore_errors=True)
        tokenizer = tokenizer_of(style)
        tokenizer.save_pretrained(FOLDER / name)
        settings = FOLDER / name / "tokenizer_config.json"
        if not style["own_file"]:
            (FOLDER / name / "chat_template.jinja").unlink()
            content = json.loads(settings.read_text("utf-8")) | {"chat_template": style["template"]}
            settings.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")
        again = AutoTokenizer.from_pretrained(FOLDER / name)
        cases = [rendered(again, turns, prompt) for turns in CONVERSATIONS.values() for prompt in (False, True)]
        plain = {"text": TEXT, "ids": again(TEXT)["input_ids"]}
        golden = {"end": again.eos_token_id, "plain": plain, "cases": cases}
        (FOLDER / name / "golden.json").write_text(json.dumps(golden, ensure_ascii=False) + "\n", "utf-8")
        print(name, sum("refused" in case for case in cases), "refused")


if __name__ == "__main__":
    main()
