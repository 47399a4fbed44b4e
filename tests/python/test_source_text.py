"""How the text of a function is found in its file, whatever stands around it or inside it."""

import importlib.util

import numpy as np
import pytest

import thalweg


def load(tmp_path, text, name="module_of_text"):
    file = tmp_path / f"{name}.py"
    file.write_text(text)
    spec = importlib.util.spec_from_file_location(name, file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


HEAD = "import thalweg\n\n\n"

FORMS = {
    "at the end": '@thalweg.program\ndef f(a):\n    return a + 1',
    "more after it": '@thalweg.program\ndef f(a):\n    return a + 1\nb = 2\n',
    "one line": '@thalweg.program\ndef f(a): return a + 1\nb = 2\n',
    "a long decorator": '@thalweg.program(\n    strict=True,\n)\ndef f(a):\n    return a + 1\n',
    "low brackets": '@thalweg.program\ndef f(\na,\n):\n    return (\na\n+ 1\n)\nb = 2\n',
    "low text": '@thalweg.program\ndef f(a):\n    """One.\nTwo.\n    """\n    return a + 1\nb = 2\n',
    "low comments": '@thalweg.program\ndef f(a):\n# one\n    # two\n    return a + 1\n# three\nb = 2\n',
    "a line continued": '@thalweg.program\ndef f(a):\n    return a \\\n+ 1\nb = 2\n',
    "tabs": '@thalweg.program\ndef f(a):\n\tif a.shape[0]:\n\t\treturn a + 1\n\treturn a\nb = 2\n',
    "nested": 'def make():\n    if True:\n        @thalweg.program\n        def f(a):\n            return a + 1\n    else:\n'
              '        f = 1\n    return f\n\nf = make()\n',
    "nested, low text": 'def make():\n    @thalweg.program\n    def f(a):\n        """One.\nTwo.\n"""\n        return a + 1\n'
                        '    return f\n\nf = make()\n',
    "another of the name": 'def f(a):\n    return a\n\n@thalweg.program\ndef f(a):\n    return a + 1\n\ng = f\n'
                           'def f(a):\n    return a + 2\nf = g\n',
    "letters of two bytes": '@thalweg.program\ndef f(a):\n    "µ"\n    return a + 1\n',
}


@pytest.mark.parametrize("form", FORMS)
def test_text_is_found(tmp_path, form):
    module = load(tmp_path, HEAD + FORMS[form])
    np.testing.assert_array_equal(module.f(np.arange(3.0)), np.arange(3.0) + 1)
    assert len(module.f.builds) == 1  # compiled, not run by CPython


@pytest.mark.parametrize("indent", [0, 4])
def test_lines_and_columns_are_those_of_the_file(tmp_path, indent):
    """The caret stands under what is meant, decorated at the top or deep inside another function."""
    text = "@thalweg.program\ndef f(a):\n    '''One.\nTwo.'''\n    return a + unknown_name\n"
    if indent:
        lines = text.splitlines(True)
        text = "if True:\n" + "".join(line if line.startswith("Two") else "    " + line for line in lines)
    module = load(tmp_path, HEAD + text)
    with pytest.raises(thalweg.CompileError) as caught:
        module.f(np.arange(3.0))
    shown = str(caught.value).splitlines()
    line = next(index for index, each in enumerate(shown) if "return a + unknown_name" in each)
    column = shown[line].index("unknown_name")
    assert shown[line + 1].index("^") == column and shown[line + 1].count("^") == len("unknown_name")
    assert f":{8 + (1 if indent else 0)}" in str(caught.value)


def test_text_that_is_gone(tmp_path):
    module = load(tmp_path, HEAD + FORMS["more after it"])
    (tmp_path / "module_of_text.py").write_text("")
    with pytest.raises(thalweg.CompileError, match="has changed since"):
        module.f(np.arange(3.0))


def test_text_that_moved_is_not_taken_for_another(tmp_path):
    """The same lines hold another function of the same name now."""
    module = load(tmp_path, HEAD + FORMS["more after it"])
    (tmp_path / "module_of_text.py").write_text(HEAD + FORMS["more after it"].replace("+ 1", "+ 2 "))
    with pytest.raises(thalweg.CompileError, match="has changed since"):
        module.f(np.arange(3.0))
