"""Statements that exercise Python itself: what binds, branches, leaves, raises, and NumPy's calls that write."""

class Language:
    """Statement writers of `Writer`; each returns whether lines were added."""

    def walrus(self):
        name, term = self.new_name(), self.draw.expression(1)
        if term.is_array:
            return self.add([f"if len({name} := {term.text}) > {self.rng.integers(0, 6)}:", "    " + self.inner()], "walrus")
        return self.add([f"if ({name} := {term.text}) > {self.rng.integers(0, 6)}:", "    " + self.inner()], "walrus")

    def matched(self):
        subject = self.draw.pick(self.draw.known(lambda v: type(v) is int) or ["len(np.shape(0))"])
        return self.add([f"match {subject}:", f"    case {self.rng.integers(0, 4)}:", "        " + self.inner(),
                         f"    case {self.rng.integers(4, 9)} | 5:", "        " + self.inner(),
                         "    case _:", "        " + self.inner()], "match")

    def for_else(self):
        name = self.draw.array_name(lambda v: v.ndim == 1 and v.dtype.kind in "biuf")
        if name is None:
            return False
        return self.add([f"for e in {name}:", f"    if e > {self.rng.integers(0, 9)}:", "        " + self.inner(),
                         "        break", "else:", "    " + self.inner()], "for else")

    def nested_loops(self):
        name = self.draw.array_name(lambda v: v.ndim == 2)
        if name is None:
            return False
        terms = [f"{name}[i, j]", f"{name}[j, i]", f"{name}[i, -1]", f"{name}[0, j]", "i * j", f"{name}[i - 1, j]"]
        total = self.new_name()
        lines = [f"{total} = {name}[0, 0] * 0", f"for i in range({self.draw.pick(['0', '1'])}, {name}.shape[0]):",
                 f"    for j in range({self.draw.pick(['', 'i, ', '1, '])}{name}.shape[1]{self.draw.pick(['', '', ' - 1'])}):"]
        store = f"{name}[i, j] {self.draw.pick(['=', '+=', '-='])} {self.draw.pick(terms)}"
        fold = f"{total} = {total} {self.draw.pick(['+', '-'])} {self.draw.pick(terms[:4])}"
        kind = self.names[name].dtype.kind
        if kind == "b":
            fold, store = f"{total} = {total} | {terms[0]}", f"{name}[i, j] = {terms[1]}"
        lines += ["        " + line for line in self.draw.pick([[store], [fold], [fold, store]])]
        return self.add(lines, "nested loops")

    def local_functions_with_keywords(self):
        term, other = self.draw.expression(1), self.draw.expression(1)
        name = self.new_name()
        form = self.draw.pick([
            [f"def f_{name}(x, *, k={other.text}):", "    return x + k", f"{name} = f_{name}({term.text})"],
            [f"def f_{name}(x, *, k):", "    return x * k", f"{name} = f_{name}({term.text}, k={other.text})"],
            [f"def f_{name}(*all):", "    return all[0] + len(all)", f"{name} = f_{name}({term.text}, {other.text})"],
            [f"def f_{name}(x, **more):", "    return x - more['k']", f"{name} = f_{name}({term.text}, k={other.text})"],
            [f"f_{name} = lambda x, *all: x if len(all) > 1 else all[0]", f"{name} = f_{name}({term.text}, {other.text})"],
        ])
        return self.add(form, "def with keywords")

    def early_return_of_a_function(self):
        name = self.draw.array_name(lambda v: v.ndim > 0)
        if name is None:
            return False
        made, bits = self.new_name(), self.names[name].dtype.kind == "b"
        return self.add([f"def f_{made}(x, t):", f"    if t > {self.rng.integers(0, 5)}:",
                         "        return x & x" if bits else "        return x * x",
                         "    for i in range(3):", f"        if i + t > {self.rng.integers(0, 7)}:", "            return x + x",
                         "    return x | x" if bits else "    return x - x",
                         f"{made} = f_{made}({name}, {self.draw.pick([f'len({name})', '2', '0'])})"], "early return")

    def comprehension(self):
        term = self.draw.expression(1)
        name = self.new_name()
        form = self.draw.pick([
            [f"{name} = np.array([{self.draw.pick(['t', 't * 2', 't - 1'])} for t in (1, 2, 4) if t != 2])"],
            [f"{name}_list = [{term.text} * t for t in range(3)]", f"{name} = {name}_list[-1]"],
            [f"{name}_list = []", "for t in range(3):", f"    {name}_list.append({term.text})", f"{name} = {name}_list[1]"],
            [f"{name}_map = {{'p': {term.text}}}", f"{name}_map['q'] = 2", f"{name} = {name}_map['p'] + {name}_map['q']"],
            [f"{name} = sum([len(u) for u in ((1, 2), (3,))])"],
            [f"{name}, _ = [{term.text}, 1]"], [f"_, *{name}_rest = ({term.text}, 1, {term.text})", f"{name} = {name}_rest[1]"],
            [f"for k_{name}, {name} in enumerate([1, 2, {term.text}], 1):", "    pass"],
            [f"for {name} in {{'x': 1, 'y': 2}}.values():", "    pass"],
        ])
        return self.add(form, "collection")

    def raising(self):
        test = self.scalar_test()
        error = self.draw.pick(["ValueError", "IndexError", "ArithmeticError"])
        name = self.draw.array_name() or "0"
        form = self.draw.pick([
            [f"if {test}:", f"    raise {error}(f'found {{np.shape({name})}}')"], [f"assert {test} or True, 'never'"],
            [f"assert len(np.shape({name})) < 9, f'of {{np.shape({name})}}'"]])
        return self.add(form, "raise or assert")

    def under(self):
        return self.add(["with np.errstate(all='ignore'):", "    " + self.inner()], "with")

    def add_at(self):
        name = self.draw.array_name(lambda v: v.flags.writeable)   # NumPy's at writes into read-only arrays
        if name is None:
            return False
        function = self.draw.pick(["add", "add", "subtract", "multiply", "maximum"])
        places = self.draw.pick(["[0, 1, 0]", f"np.arange(len({name}))", f"np.arange(7) % len({name})", "(np.array([0, 0]),)"])
        values_ = self.draw.pick(["1", "2", f"{name}[0]", f"{name}[-1] * 2"])
        return self.add([f"np.{function}.at({name}, {places}, {values_})"], "ufunc.at")

    def put(self):
        name = self.draw.array_name()
        if name is None:
            return False
        value = self.literal_of(name)
        return self.add([self.draw.pick([
            f"np.put({name}, [0, {self.rng.integers(-2, 3)}], {value})", f"{name}.put([1, 2, 1], [{value}, {value}])",
            f"np.place({name}, {name} == {name}, [{value}])", f"np.putmask({name}, {name} != {value}, {value})",
            f"{name}.flat[{self.rng.integers(-2, 3)}] = {value}", f"{name}.fill({value})", f"np.copyto({name}, {value})",
            f"{name}.flat[1:3] = {value}", f"np.fill_diagonal({name}, {value})", f"{name}.sort(); {name} += 0",
            f"{name}[np.ix_([0, 1])] = {value}", f"{name}[np.nonzero({name})] = {value}",
            f"{name}[[0, 1, 0]] += {value}", f"{name}[{name} == {value}] *= {name}[0]"])], "put")

    def literal_of(self, name):
        kind = self.names[name].dtype.kind
        return {"b": "True", "f": "0.5", "c": "(1+2j)"}.get(kind, str(self.rng.integers(0, 5)))

    def out_argument(self):
        """A ufunc that writes into an array at hand, all of it or where a condition holds."""
        name = self.draw.array_name(lambda v: v.dtype != "complex64")   # multiplied another way (docs/runtime.md)
        if name is None:
            return False
        where = self.draw.pick(["", "", f", where={name} == {name}", f", where=np.arange({name}.shape[-1]) % 2 == 0"])
        other = self.draw.expression(1).text
        function = self.draw.pick([f"np.multiply({name}, {other}", f"np.add({other}, {name}", f"np.negative({name}",
                                   f"np.maximum({name}, {other}", f"np.square({name}", f"np.subtract({name}[::-1], {other}"])
        form = self.draw.pick(["", f"{self.new_name()} = "])
        return self.add([f"{form}{function}, out={name}{where})"], "out=")

    def deleted(self):
        names = [n for n in self.names if n.startswith("v") and n not in self.draw.inexact]
        if len(names) < 3:
            return False
        return self.add([f"del {names[0]}"], "del")

    def early(self):
        """A return before the end, of values of the same types."""
        exact = [name for name, rule, _ in self.results if rule == "exact"]
        if not exact or not self.draw.chance(0.12):
            return
        line = self.same_type(self.draw.pick(exact))
        names = [n for n, _, _ in self.results]
        extra = [m for _, _, m in self.results if m]
        test = self.scalar_test()
        name, _, text = line.partition(" = ")
        if text == name or self.run([f"if {test}: pass", line]) is None:
            return
        self.lines += [f"if {test}:", f"    {line}", f"    @return {', '.join(names)},|{', '.join(extra)}"]
        self.counts["statement: early return of the program"] += 1


STATEMENTS = ["walrus", "matched", "for_else", "nested_loops", "local_functions_with_keywords",
              "early_return_of_a_function", "comprehension", "raising", "under", "add_at", "put", "put", "out_argument",
              "out_argument", "deleted"]
KINDS = ["walrus", "match", "for else", "nested loops", "def with keywords", "early return", "collection",
         "raise or assert", "with", "ufunc.at", "put", "out=", "del", "early return of the program"]
