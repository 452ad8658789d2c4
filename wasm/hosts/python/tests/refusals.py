"""What must be refused, what threads must not break, and what reloading must not lose: `refusals.py FOLDER`, with modules of `concord build`."""

import hashlib
import os
import multiprocessing
import pickle
import shutil
import sys
import tempfile
import threading
import time
import unittest
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

from concord import CaseRefused, LimitReached, Rule, RuleRefused, Rules, SettingRefused, Unknown, Value

FOLDER = Path(sys.argv.pop(1)) if len(sys.argv) > 1 else Path("target/hosts/rules")
SECONDS = float(os.environ.get("CONCORD_SECONDS", "1"))
AS_OF = "2026-03-05T18:00:00Z"


def module(name):
    return (FOLDER / f"{name}.wasm").read_bytes()


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def loaded(name, **options):
    return Rule.load(module(name), allow_draft=True, **options)


class Loading(unittest.TestCase):
    def refused(self, code, content, **options):
        with self.assertRaises(RuleRefused) as caught:
            Rule.load(content, **{"allow_draft": True, **options})
        self.assertEqual(caught.exception.code, code)

    def test_the_hash_that_was_given_is_held_to(self):
        content = module("news2")
        self.assertEqual(Rule.load(content, sha256=sha256(content), allow_draft=True).info.sha256, sha256(content))
        self.refused("sha256", content, sha256="0" * 64)

    def test_one_bit_flipped_anywhere_is_refused(self):
        content = module("news2")
        for place in range(0, len(content), 997):
            flipped = bytearray(content)
            flipped[place] ^= 1
            self.refused("sha256", bytes(flipped), sha256=sha256(content))

    def test_what_a_damaged_module_says_of_itself_is_refused_and_nothing_else_comes_of_it(self):
        for name, share, case, answer in (("news2", 0.8, {"spo2": 91}, "total"), ("sepsis", 0.7, {"as_of": AS_OF, "age": 70}, "antibiotics_1h")):
            content = module(name)
            for place in range(int(len(content) * share), len(content), 131):
                damaged = bytearray(content)
                damaged[place] ^= 1 << place % 8  # of what is packed: texts, manifest and golden cases
                try:
                    rule = Rule.load(bytes(damaged), allow_draft=True)
                    rule.evaluate(case, explain=True)[answer]
                except RuleRefused:
                    continue

    def test_a_file_that_is_not_the_one_of_the_manifest_beside_it_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(FOLDER / "news2.wasm", folder)
            shutil.copy(FOLDER / "aki.manifest.json", Path(folder, "news2.manifest.json"))
            self.refused("sha256", Path(folder, "news2.wasm"))

    def test_what_is_not_a_module_is_refused(self):
        self.refused("module", b"<!doctype html><title>Sign in</title>")
        self.refused("module", module("news2")[:-100])
        imports = bytes.fromhex("0061736d01000000010401600000020701016101620000")
        self.refused("module", imports)
        starts = bytes.fromhex("0061736d01000000010401600000030201000801000a0901070003400c000b0b")  # and goes on for ever
        self.refused("module", starts)

    def test_another_version_of_the_interface_is_refused(self):
        self.refused("interface", other_version(module("news2")))
        self.refused("interface", bytes.fromhex("0061736d01000000"))

    def test_the_fingerprint_that_was_given_is_held_to(self):
        self.refused("fingerprint", module("news2"), fingerprint="0" * 64)
        loaded("news2", fingerprint=loaded("news2").info.fingerprint)

    def test_a_draft_is_refused_unless_it_is_allowed(self):
        self.refused("draft", module("news2"), allow_draft=False)

    def test_a_module_that_answers_otherwise_is_refused(self):
        # A pulse of 91 as one of 90.
        other = module("wrong/news2")
        self.refused("self_test", other)
        rule = Rule.load(other, allow_draft=True, verify=False)
        total = [of.evaluate({"pulse": 91})["total"].possible.from_ for of in (rule, loaded("news2"))]
        self.assertEqual(total, [0, 1])

    def test_a_later_version_says_so(self):
        rule = loaded("later/news2")
        self.assertEqual((rule.info.version, rule.evaluate({}).version), ("1.0.1", "1.0.1"))


def other_version(content):
    """The module, saying that it speaks version 4: the first global that is an `i32` of 3."""
    at = content.index(bytes([0x7F, 0, 0x41, 3, 0x0B]))
    return content[: at + 3] + b"\x04" + content[at + 4 :]


def faults(caught):
    """The codes and places of a refusal."""
    return [(fault.code, fault.at) for fault in caught.exception.faults]


class Evaluating(unittest.TestCase):
    def test_numbers_and_times_of_python_go_in_exactly(self):
        rule = loaded("news2")
        cold = rule.evaluate({"temperature": Decimal("35.0")})["warmth"]
        self.assertEqual(cold.value, 3)
        with self.assertRaises(CaseRefused) as caught:
            rule.evaluate({"temperature": Decimal("37.15"), "spo2": float("nan")})
        self.assertEqual(faults(caught), [("D09", "/temperature"), ("D07", "/spo2")])
        at = datetime(2026, 1, 5, 18, tzinfo=timezone.utc)
        triage = {"event": "SepsisTriage", "at": at - timedelta(hours=2)}
        decision = loaded("sepsis").evaluate({"age": 70, "events": [triage]}, as_of=at)
        self.assertEqual(decision.as_of, at)
        self.assertEqual(decision["antibiotics_1h"].due, at - timedelta(hours=1))

    def test_numbers_of_any_length_go_in_as_they_are(self):
        rule, begin = loaded("news2"), time.monotonic()
        for number, code in (
            (Decimal("1e999999999"), "D08"),
            (Decimal("1e-999999999"), "D09"),
            (Decimal("-1e400"), "D08"),
            (10**5_000, "D08"),
            (-(10**5_000), "D08"),
            (Decimal("1" * 5_000), "D08"),
        ):
            with self.assertRaises(CaseRefused) as caught:
                rule.evaluate({"pulse": number, "temperature": Decimal("37.1")})
            self.assertEqual(faults(caught), [(code, "/pulse")])
        for number in (Decimal("0e999999999"), Decimal("91." + "0" * 900), Decimal("910e-1"), Decimal(f"91{'0' * 900}e-900")):
            self.assertIsInstance(rule.evaluate({"pulse": number})["heart"], Value)
        self.assertLess(time.monotonic() - begin, 30)

    def test_an_instant_that_is_given_is_cut_off_at_the_millisecond(self):
        at = datetime(2026, 1, 5, 18, 0, 0, 1_999, tzinfo=timezone.utc)
        self.assertEqual(loaded("sepsis").evaluate({}, as_of=at).as_of, at.replace(microsecond=1_000))

    def test_what_is_no_number_and_no_text_is_refused_where_it_stands(self):
        sepsis = loaded("sepsis")
        for nothing in (float("nan"), float("-inf"), Decimal("NaN"), Decimal("Infinity"), "\ud800"):
            for rule, case, at in (
                (loaded("news2"), {"pulse": 91, "spo2": nothing}, "/spo2"),
                (sepsis, {"as_of": AS_OF, "events": [{"event": "Lactate", "at": nothing}]}, "/events/0/at"),
                (sepsis, {"as_of": nothing}, "/as_of"),
            ):
                with self.assertRaises(CaseRefused) as caught:
                    rule.evaluate(case)
                self.assertEqual(faults(caught), [("D07", at)])
            with self.assertRaises(SettingRefused) as caught:
                sepsis.evaluate({}, as_of=AS_OF, settings={"antibiotics_within": nothing})
            self.assertEqual(faults(caught), [("D07", "/antibiotics_within")])
        for case, fault in (({"\ud800": 1}, ("D06", "/\ufffd")), ('{"scale": "\ud800"}', ("D02", ""))):
            with self.assertRaises(CaseRefused) as caught:
                loaded("news2").evaluate(case)
            self.assertEqual(faults(caught), [fault])
        # A whole character beyond the first 65,536 is one.
        with self.assertRaises(CaseRefused) as caught:
            loaded("news2").evaluate({"scale": "\U0001f600"})
        self.assertEqual(faults(caught), [("D10", "/scale")])

    def test_as_of_is_said_once(self):
        rule = loaded("sepsis")
        for case in ({"as_of": AS_OF}, f' {{ "as_of": "{AS_OF}" }}'):
            rule.evaluate(case)
            with self.assertRaises(CaseRefused) as caught:
                rule.evaluate(case, as_of=AS_OF)
            self.assertEqual([(fault.code, fault.at) for fault in caught.exception.faults], [("D05", "/as_of")])
        rule.evaluate(" {} ", as_of=AS_OF)
        self.assertEqual([fault.code for fault in rule.check({})], ["D12"])
        self.assertEqual(rule.check({}, as_of=AS_OF), ())

    def test_settings_hold_for_one_call(self):
        rule = loaded("sepsis")
        set_to = rule.evaluate({}, as_of=AS_OF, settings={"antibiotics_within": timedelta(minutes=45)})
        self.assertEqual(set_to.settings, {"antibiotics_within": "PT45M"})
        self.assertEqual(rule.evaluate({}, as_of=AS_OF).settings, {})
        with self.assertRaises(SettingRefused) as caught:
            rule.evaluate({}, as_of=AS_OF, settings={"antibiotics_within": timedelta(hours=2)})
        self.assertEqual([(fault.code, fault.at) for fault in caught.exception.faults], [("D08", "/antibiotics_within")])

    def test_a_members_settings_hold_as_long_as_their_approval(self):
        rule = loaded("sepsis")
        for at, holds in (("2026-01-31T23:59:59Z", False), ("2026-02-01T00:00:00Z", True), ("2027-02-01T12:00:00Z", True)):
            decision = rule.evaluate({}, as_of=at, member="XX1")
            self.assertEqual(decision.settings, {"antibiotics_within": "PT45M"} if holds else {})
            self.assertEqual([of.parameter for of in decision.not_applied], [] if holds else ["antibiotics_within"])
        own = rule.evaluate({}, as_of=AS_OF, member="XX1", settings={"antibiotics_within": "30 min"})
        self.assertEqual(own.settings, {"antibiotics_within": "PT30M"})
        with self.assertRaises(SettingRefused) as caught:
            rule.evaluate({}, as_of=AS_OF, member="nobody")
        self.assertEqual(caught.exception.faults[0].code, "member")
        hiring = loaded("hiring").evaluate({}, as_of=AS_OF, member="RTF")
        self.assertEqual(hiring.settings["hired_within"], 56)

    def test_a_deadline_stops_a_case_and_the_rule_goes_on(self):
        rule = loaded("rtt")
        status = [{"event": "Status", "at": f"2026-01-{1 + n % 28:02}T{n // 28 % 24:02}:00:00Z"} for n in range(60_000)]
        begin = time.monotonic()
        with self.assertRaises(LimitReached) as caught:
            rule.evaluate({"as_of": AS_OF, "events": status}, deadline=0.005)
        self.assertLess(time.monotonic() - begin, 5)
        self.assertEqual(caught.exception.limit, "deadline")
        for deadline in (10, timedelta(seconds=10), timedelta.max, float("inf")):
            rule.evaluate({"as_of": AS_OF}, deadline=deadline)
        for deadline in (0, -1, timedelta(0), timedelta(seconds=-1)):
            with self.assertRaises(LimitReached):
                rule.evaluate({"as_of": AS_OF}, deadline=deadline)
        self.assertRaises(ValueError, rule.evaluate, {"as_of": AS_OF}, deadline=float("nan"))

    def test_answers_have_no_value_that_stands_for_others(self):
        decision = loaded("news2").evaluate({"spo2": 97})
        total = decision["total"]
        self.assertIsInstance(total, Unknown)
        self.assertFalse(hasattr(total, "value"))
        with self.assertRaises(KeyError):
            decision["totals"]

    def test_a_large_case_leaves_no_large_instance(self):
        rule = loaded("sepsis")
        events = [{"event": "Lactate", "at": None, "value": 2.1}] * 60_000
        rule.evaluate({"as_of": AS_OF, "events": events})
        self.assertEqual(rule._pool.idle(), 0)
        rule.evaluate({"as_of": AS_OF})
        self.assertEqual(rule._pool.idle(), 1)

    def test_hooks_are_told(self):
        calls, decisions = [], []
        rule = loaded("news2", on_call=calls.append, on_decision=lambda *of: decisions.append(of))
        rule.evaluate('{"spo2": 97}')
        with self.assertRaises(CaseRefused):
            rule.evaluate({"spo2": 101})
        self.assertEqual([call.outcome for call in calls], ["answered", "refused"])
        self.assertEqual(calls[1].codes, ("D08",))
        self.assertGreater(calls[0].unknown, 0)
        self.assertEqual(calls[0].cases, 1)
        self.assertEqual(decisions[0][1], sha256(b'{"spo2": 97}'))
        rule.check({"spo2": 101})
        self.assertEqual((len(calls), len(decisions)), (2, 1))


class Sharing(unittest.TestCase):
    def test_eight_threads_share_a_rule(self):
        rule = loaded("sepsis")
        settings = [{}, {"antibiotics_within": "PT45M"}]
        cases = [{"as_of": AS_OF, "age": age, "events": [{"event": "SepsisTriage", "at": None}]} for age in range(100)]
        right = [[rule.evaluate(case, settings=of).json for case in cases] for of in settings]
        end, wrong, done = time.monotonic() + SECONDS, [], [0] * 8
        resident = memory()

        def ask(thread):
            at = thread
            while time.monotonic() < end:
                which, at = at % 2, at + 1
                if rule.evaluate(cases[at % 100], settings=settings[which]).json != right[which][at % 100]:
                    wrong.append(at)
                done[thread] += 1

        threads = [threading.Thread(target=ask, args=(thread,)) for thread in range(8)]
        run(threads)
        self.assertEqual(wrong, [])
        self.assertTrue(all(done))
        self.assertLessEqual(rule._pool.idle(), 8)
        self.assertLess(memory() - resident, 64 << 20)

    def test_a_rule_goes_to_another_process(self):
        rule = pickle.loads(pickle.dumps(loaded("news2")))
        self.assertIsInstance(rule.evaluate({"pulse": 91})["heart"], Value)

    @unittest.skipUnless("fork" in multiprocessing.get_all_start_methods(), "there is no fork")
    def test_a_rule_goes_to_a_process_that_was_forked(self):
        rule = loaded("news2")
        rule.evaluate({"pulse": 91}, deadline=5)  # threads of this process, which no fork takes along
        with multiprocessing.get_context("fork").Pool(2) as workers:
            given = [workers.apply_async(elsewhere, (rule, {"pulse": 91}, deadline)) for deadline in (None, 5) * 3]
            self.assertEqual([one.get(60) for one in given], [1] * 6)
            self.assertEqual(workers.apply_async(opened, ("sepsis",)).get(60), "acute.sepsis")


def elsewhere(rule, case, deadline):
    return rule.evaluate(case, deadline=deadline)["heart"].value


def opened(name):
    return loaded(name).info.package


def memory():
    """What this process holds, in bytes; 0 where nobody tells."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4_096
    except OSError:
        return 0


def run(threads):
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class Reloading(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def put(self, content, name="news2.wasm"):
        """As a careful hand puts it: whole, under another name first."""
        (self.folder / "new").write_bytes(content)
        os.replace(self.folder / "new", self.folder / name)

    def test_what_is_refused_changes_nothing(self):
        refused, changed = [], []
        self.put(module("news2"))
        told = {"on_refused": lambda *of: refused.append(of), "on_change": lambda *of: changed.append(of)}
        with Rules(self.folder, allow_draft=True, **told) as rules:
            first = rules["clinical.news2"]
            self.put(b"<html>")
            rules.reload()
            self.assertIs(rules["clinical.news2"], first)
            self.assertEqual(refused[0][1].code, "module")
            self.put(module("sepsis"), "sepsis.wasm")
            rules.reload()
            self.assertEqual(rules.get("acute.sepsis", "1.0.0").info.package, "acute.sepsis")
            (self.folder / "news2.wasm").unlink()
            rules.reload()
            self.assertRaises(KeyError, rules.__getitem__, "clinical.news2")
            self.assertEqual([(old is None, new is None) for old, new in changed], [(True, False), (True, False), (False, True)])

    def test_a_file_refused_for_what_lies_beside_it_is_taken_when_that_is_right_and_told_once_until_then(self):
        def put(name, ending):
            self.put((FOLDER / f"{name}{ending}").read_bytes(), f"news2{ending}")

        for ending in (".manifest.json", ".batch.wasm", ".wasm"):
            put("news2", ending)
        (self.folder / "away.wasm").symlink_to(self.folder / "none")
        refused = []
        with Rules(self.folder, allow_draft=True, on_refused=lambda file, error: refused.append((file.name, type(error)))) as rules:
            first = rules["clinical.news2"]
            put("later/news2", ".wasm")
            for _ in range(3):
                rules.reload()
            self.assertIs(rules["clinical.news2"], first)
            self.assertEqual(refused, [("away.wasm", FileNotFoundError), ("news2.wasm", RuleRefused)])
            put("later/news2", ".manifest.json")
            rules.reload()
            self.assertEqual(rules["clinical.news2"].info.version, "1.0.1")
            put("news2", ".manifest.json")
            rules.reload()
            self.assertEqual(refused[2:], [("news2.wasm", RuleRefused)])
            self.assertEqual(rules["clinical.news2"].info.version, "1.0.1")

    def test_a_folder_without_modules_is_an_error_and_so_is_what_is_refused_where_nobody_is_told(self):
        self.put(b"left by a Mac", "._news2.wasm")
        for folder in (self.folder / "none", self.folder):
            with self.assertRaises(FileNotFoundError) as caught:
                Rules(folder, allow_draft=True)
            self.assertIn(str(folder), str(caught.exception))
        self.put(module("news2"))
        with self.assertRaises(RuleRefused) as caught:
            Rules(self.folder)
        self.assertEqual(caught.exception.code, "draft")
        self.assertIn(str(self.folder), str(caught.exception))
        rules = Rules(self.folder, allow_draft=True)
        self.put(b"<html>", "aki.wasm")
        for _ in range(2):
            self.assertRaises(RuleRefused, rules.reload)
        self.assertEqual(rules["clinical.news2"].info.version, "1.0.0")

    def test_reloading_under_load_loses_no_call_and_mixes_no_versions(self):
        one, other = module("news2"), module("later/news2")
        self.put(one)
        seen, failed, done = set(), [], threading.Event()
        with Rules(self.folder, allow_draft=True) as rules:
            rules.watch(0.01)

            def ask():
                while not done.is_set():
                    try:
                        rule = rules["clinical.news2"]
                        decision = rule.evaluate({"spo2": 97})
                        seen.add((decision.sha256, decision.version, rule.info.version))
                    except Exception as error:
                        failed.append(error)

            threads = [threading.Thread(target=ask) for _ in range(8)]
            for thread in threads:
                thread.start()
            end, swaps = time.monotonic() + SECONDS, 0
            while time.monotonic() < end or swaps < 2:
                for content in (other, one):
                    self.put(content)
                    while all(answered != sha256(content) for answered, *_ in list(seen)):
                        time.sleep(0.01)
                    swaps += 1
            done.set()
            for thread in threads:
                thread.join()
        self.assertEqual(failed, [])
        self.assertEqual(seen, {(sha256(one), "1.0.0", "1.0.0"), (sha256(other), "1.0.1", "1.0.1")})


if __name__ == "__main__":
    unittest.main()
