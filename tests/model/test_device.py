"""The choice of device: the machine's best, or what was asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import ConfigurationError, ModelError
from model.device import DEVICE_VARIABLE, DTYPE_VARIABLE, choose_device, cpu_flags


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(DEVICE_VARIABLE, raising=False)
    monkeypatch.delenv(DTYPE_VARIABLE, raising=False)


def test_an_argument_overrules_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DEVICE_VARIABLE, "cuda:77")
    monkeypatch.setenv(DTYPE_VARIABLE, "bfloat16")
    choice = choose_device("cpu", dtype="float32")
    assert (choice.device, choice.dtype) == ("cpu", "float32")
    assert choice.reason == "cpu was asked for; float32 was asked for"


def test_the_environment_overrules_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DEVICE_VARIABLE, "cpu")
    monkeypatch.setenv(DTYPE_VARIABLE, "float16")
    choice = choose_device()
    assert (choice.device, choice.dtype) == ("cpu", "float16")
    assert DEVICE_VARIABLE in choice.reason
    assert DTYPE_VARIABLE in choice.reason


def test_auto_asks_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DEVICE_VARIABLE, "cpu")
    assert choose_device("auto").reason.startswith(f"cpu was set by {DEVICE_VARIABLE}")


def test_without_a_wish_a_reason_is_given() -> None:
    choice = choose_device()
    assert "present" in choice.reason
    assert choice.dtype in choice.reason


@pytest.mark.parametrize("flags", ["avx512_bf16", "amx_bf16"])
def test_a_cpu_with_bfloat16_uses_it(monkeypatch: pytest.MonkeyPatch, flags: str) -> None:
    monkeypatch.setattr("model.device.cpu_flags", lambda: frozenset({"avx2", flags}))
    assert choose_device("cpu").dtype == "bfloat16"


def test_a_cpu_without_bfloat16_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.device.cpu_flags", lambda: frozenset({"avx2"}))
    assert choose_device("cpu").dtype == "float32"


def test_flags_are_read_as_linux_writes_them(tmp_path: Path) -> None:
    source = tmp_path / "cpuinfo"
    source.write_text("processor\t: 0\nflags\t\t: fpu avx2 amx_bf16\nbugs\t\t: none\n")
    assert cpu_flags(source) == {"fpu", "avx2", "amx_bf16"}
    assert cpu_flags(tmp_path / "absent") == frozenset()


@pytest.mark.parametrize("name", ["gpu", "cuda:x", "CPU", "cuda:0; rm"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(ConfigurationError, match="is no device"):
        choose_device(name)


def test_a_number_format_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DTYPE_VARIABLE, "int8")
    with pytest.raises(ConfigurationError, match=DTYPE_VARIABLE):
        choose_device("cpu")


def test_an_absent_gpu_is_not_replaced_silently() -> None:
    with pytest.raises(ModelError, match="not there"):
        choose_device("cuda:77")
