"""The user's own files: read as they are meant, and refused in words that name the place."""

import gzip
import os
import struct
import sys
import time
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.data import csv_file, idx_file, prepare, raw
from engine.data.choice import dataset_choice
from engine.errors import FileError

unix = pytest.mark.skipif(sys.platform == "win32", reason="a matter of Unix")


def read(path, **keys):
    """The data of a file, as an experiment that names it gets them."""
    return dataset_choice({"file": str(path), **keys}).raw(0)


def refused(path, **keys):
    """Why a file is refused, without its name, which must come first."""
    with pytest.raises(FileError) as error:
        read(path, **keys)
    text = str(error.value)
    assert text.startswith(f"{path}: ")
    return text.removeprefix(f"{path}: ")


@pytest.fixture
def table(tmp_path):
    """A function that writes a CSV file of a text or of bytes and returns its path."""
    def written(text):
        path = tmp_path / "mine.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path
    return written


# ---- CSV

@pytest.mark.parametrize("text", [
    "a,b,label\n1,2,cat\n3,-4.5e1,dog\n",
    "a;b;label\r\n1;2;cat\r\n3;-45;dog\r\n",
    "a\tb\tlabel\n1\t2\tcat\n3\t-45\tdog",
    "\ufeffa,b,label\n1,2,cat\n3,-45,dog\n",
    ' a , b ,label\n 1, 2 ,cat \n\n3,-45,"dog"\n\n',
    '"a","b","label"\n"1","2","cat"\n"3","-45","dog"\n',
    "a,b,label\r1,2,cat\r3,-45,dog\r",
], ids=["commas", "semicolons", "tabs", "byte-order mark", "spaces", "quotes", "old Mac"])
def test_a_csv_file_is_read_in_every_usual_way_of_writing_it(text, table):
    data = read(table(text), target="label")
    np.testing.assert_array_equal(data.x, [[1, 2], [3, -45]])
    assert data.y.tolist() == [0, 1]
    assert (data.task, data.classes, data.columns, data.targets, data.image) == (
        "classes", ("cat", "dog"), ("a", "b"), ("label",), None)


def test_names_and_texts_in_quotes_may_have_delimiters_and_line_ends_in_them(table):
    data = read(table('"a;b","c,d",label\n1,2,"x, ""y"""\n3,4,"two\nlines"\n5,6,"x, ""y"""\n'),
                target="label")
    assert data.columns == ("a;b", "c,d")
    assert data.classes == ("two\nlines", 'x, "y"')
    assert data.y.tolist() == [1, 0, 1]


def test_whole_numbers_are_classes_sorted_by_value(table):
    text = "x,y\n1,10\n2,9\n3,10.0\n4,-1\n"
    data = read(table(text), target="y")
    assert data.classes == ("-1", "9", "10")
    assert data.y.tolist() == [2, 1, 2, 0]
    data = read(table(text), target="y", task="regression")
    assert data.y.tolist() == [[10], [9], [10], [-1]]
    assert data.classes == ()


def test_a_text_far_below_makes_names_of_the_numbers_above_it(table, monkeypatch):
    monkeypatch.setattr(csv_file, "_CELLS_A_BLOCK", 4)
    data = read(table("x,y\n1,07\n2,7\n3,7\n4,7\n5,b\n6,7\n"), target="y")
    assert data.classes == ("07", "7", "b")
    assert data.y.tolist() == [0, 1, 1, 1, 2, 1]


def test_numbers_with_fractions_are_a_regression_and_targets_may_be_several(table):
    path = table("a,b,c,d\n1,2,0.5,x\n3,4,1,y\n")
    data = read(path, target="c", inputs=["b", "a"])
    assert data.task == "regression"
    assert data.y.tolist() == [[0.5], [1.0]]
    # In the file's order, whatever the order of the names.
    assert data.columns == ("a", "b")
    data = read(path, target=["c", "a"], inputs=["b"])
    np.testing.assert_array_equal(data.y, [[0.5, 1], [1, 3]])
    assert data.targets == ("c", "a")


@pytest.mark.parametrize(("text", "words"), [
    ("a,b,y\n1,2,0\n3,four,1\n", "line 3, column 'b': is 'four', which is no number"),
    ("a,b,y\n\n\n1,2,0\n3,,1\n", "line 5, column 'b': is empty; take out the rows"),
    ("a,b,y\n1,2,0\n3,nan,1\n", "line 3, column 'b': is missing"),
    ("a,b,y\n1,2,0\n3,NA,1\n", "line 3, column 'b': is missing (NA)"),
    ("a,b,y\n1,2,0\n3,-inf,1\n", "line 3, column 'b': is infinite"),
    ("a,b,y\n1,2,0\n3,1e200,1\n", "line 3, column 'b': is 1e+200; numbers of up to 1e+100"),
    ("a,b,y\n1,2,0\n3,4\n", "line 3: has 2 cells, and the header has 3 columns"),
    ("a,b,y\n1,2,0\n3,4,1,5\n", "line 3: has 4 cells, and the header has 3 columns"),
    ("a;b;y\n1;2;0\n3;4,5;1\n", "line 3, column 'b': is '4,5', which is no number; write a point"),
    ('a,b,y\n"1","2",0\n"3\n",x,1\n', "line 3, column 'b': is 'x'"),
    ('a,b,y\n1,2,"0\n3,4,1\n', "line 2: is not CSV"),
    ("a,b,y\n1,2,0\n3,4,\n", "line 3, column 'y': is empty"),
    ("a,b,y\n1,2,cat\n3,4,\n", "line 3, column 'y': is empty"),
    ("a,b,y\n1,2,0\n3,4,nan\n", "line 3, column 'y': is missing (nan)"),
    ("a,b,y\n1,2,7\n3,4,7\n", "all rows are of one class, '7'; there must be at least 2"),
    ("a,b,y\n1,2,7\n", "there must be at least 2 rows, not 1"),
    ("a,b,y\n", "there are no rows below the header"),
    ("a,b,y", "there are no rows below the header"),
    ("\n\n \n", "the header has no column 'y'"),
    ("\n\n", "there is no header"),
    ("", "the file is empty"),
    ("1,2,3\n4,5,6\n", "line 1 holds numbers (1, …); it must be a header"),
    ("1,2,cat\n4,5,dog\n", "line 1 holds numbers (1, …); it must be a header"),
    ("a,b,yy\n1,2,3\n", "the header has no column 'y'; did you mean 'yy'?"),
    ("a,b,label\n1,2,3\n", "the header has no column 'y'; it has: 'a', 'b', 'label'"),
    ("a,a,y\n1,2,3\n", "line 1: 2 columns are called 'a'; each needs a name of its own"),
    ("a,y,y\n1,2,3\n", "line 1: 2 columns are called 'y'"),
    (",a,y\n0,1,2\n", "line 1: column 1 has no name; give it one, or name the columns to learn"),
    ("y\n1\n2\n", "there is no column to learn from beside y; cells are parted by commas"),
    ("a,b,y\n1,2,x\xff\n".encode("latin-1"), "line 2: this is not UTF-8 text (byte 0xff)"),
    ("a,b,y\n1,2,3\n".encode("utf-16"), "line 1: this is not UTF-8 text (byte 0xff)"),
    (b"a,b\0,y\n1,2,3\n", "this is not a text file (it has NUL bytes)"),
])
def test_a_wrong_csv_file_is_refused_with_line_and_column(text, words, table):
    assert refused(table(text), target="y").startswith(words)


@pytest.mark.parametrize(("text", "keys", "words"), [
    ("a,y\n1,2.5\n3,4\n", {"task": "classes"}, "target 'y' holds 2.5, which is no whole number"),
    ("a,y\n1,2\n3,cat\n", {"task": "regression"}, "line 3, column 'y': is 'cat', which is no num"),
    ("a,y,z\n1,2,1\n3,cat,1\n", {"target": ["y", "z"]}, "line 3, column 'y': is 'cat', which is"),
    ("a,y\n1,2\n3,4\n", {"inputs": ["a", "y"]}, "column 'y' cannot be an input and the target"),
    ("a,y\n1,2\n3,4\n", {"inputs": ["b"]}, "the header has no column 'b'"),
])
def test_a_csv_file_that_is_not_what_was_asked_for_is_refused(text, keys, words, table):
    assert refused(table(text), **{"target": "y", **keys}).startswith(words)


def test_whole_numbers_too_many_to_be_classes_ask_for_a_regression(table):
    text = "x,y\n" + "".join(f"{i},{i}\n" for i in range(1200))
    words = refused(table(text), target="y")
    assert words.startswith("target 'y' has 1,200 different values, and each would be a class")
    assert words.endswith('say task = "regression"')
    assert read(table(text), target="y", task="regression").y[-1, 0] == 1199
    words = refused(table(text.replace("\n7,7\n", "\n7,seven\n")), target="y")
    assert words.startswith("line 1,002, column 'y': is one text too many")
    words = refused(table(text.replace("\n7,7\n", "\n7,seven\n")), target="y", task="regression")
    assert words.startswith("line 9, column 'y': is 'seven', which is no number")


def test_a_mistake_in_a_late_block_has_its_own_line(table, monkeypatch):
    monkeypatch.setattr(csv_file, "_CELLS_A_BLOCK", 4)
    rows = [f"{i},{i % 2}" for i in range(25)]
    rows[20] = "x,0"
    assert refused(table("\n".join(["a,y", *rows])), target="y").startswith("line 22, column 'a'")


def test_a_file_of_too_many_numbers_is_refused_while_it_is_read(table, monkeypatch):
    monkeypatch.setattr(raw, "MOST_CELLS", 100)
    monkeypatch.setattr(csv_file, "_CELLS_A_BLOCK", 30)
    path = table("a,b,y\n" + "1,2,0\n3,4,1\n" * 40)
    assert "numbers in all; at most 100 are read" in refused(path, target="y")
    monkeypatch.setattr(raw, "MOST_COLUMNS", 1)
    assert refused(path, target="y") == "there are 2 inputs; at most 1 are read"


def test_a_file_without_line_ends_is_not_read_into_memory(table, monkeypatch):
    monkeypatch.setattr(csv_file, "LONGEST_LINE", 1000)
    assert refused(table("a,y\n" + "1," * 600), target="y").startswith(
        "has a line of more than 1,000 characters")


@settings(max_examples=60, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=120))
def test_any_bytes_at_all_are_read_or_refused_in_words(data, table):
    path = table(b"a,b,y\n1,2,0\n3,4,1\n" + data)
    try:
        assert len(read(path, target="y").x) >= 2
    except FileError as error:
        assert str(error).startswith(str(path))


@settings(max_examples=30, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(st.floats(-1e99, 1e99), st.floats(-1e99, 1e99),
                               st.sampled_from(["a", "b;c", 'd"', "é,"])), min_size=2, max_size=9))
def test_what_is_written_with_all_digits_comes_back_bit_for_bit(rows, table):
    quoted = ['"' + label.replace('"', '""') + '"' for _, _, label in rows]
    lines = [f"{a!r},{b!r},{q}" for (a, b, _), q in zip(rows, quoted, strict=True)]
    if len({label for *_, label in rows}) < 2:
        return
    data = read(table("\n".join(["a,b,y", *lines])), target="y")
    np.testing.assert_array_equal(data.x, [row[:2] for row in rows])
    assert [data.classes[label] for label in data.y] == [row[2] for row in rows]


def test_a_million_rows_are_read_in_seconds(table):
    block = "".join(f"{i % 977}.25,{-i % 13},{'abc'[i % 3]}\n" for i in range(10_000))
    path = table("u,v,label\n" + block * 100)
    start = time.process_time()
    data = read(path, target="label")
    # About 1.2 s on the machine it was written on; ten times that would be another algorithm.
    assert time.process_time() - start < 12
    assert data.x.shape == (1_000_000, 2)
    assert np.bincount(data.y).tolist() == [333_400, 333_300, 333_300]
    np.testing.assert_array_equal(data.x[10_003], [3.25, -3 % 13])


def test_a_file_is_read_anew_only_when_it_has_changed(table):
    path = table("a,y\n1,0\n2,1\n")
    first = read(path, target="y")
    assert read(path, target="y") is first
    assert read(path, target="y", task="regression") is not first
    path.write_text("a,y\n1,0\n2,1\n3,1\n")
    assert len(read(path, target="y").x) == 3


def test_a_relative_file_is_read_from_its_experiment_s_folder(table, tmp_path):
    table("a,y\n1,0\n2,1\n")
    choice = dataset_choice({"file": "mine.csv", "target": "y"})
    assert len(choice.located(tmp_path).raw(0).x) == 2


@pytest.mark.parametrize("name", ["nowhere.csv", "nowhere.npz", "nowhere-ubyte"])
def test_a_missing_file_is_refused(name, tmp_path):
    keys = {".csv": {"target": "y"}, "byte": {"labels": "b"}}.get(name[-4:], {})
    with pytest.raises(FileError, match="cannot be read: there is no such file or folder"):
        read(tmp_path / name, **keys)


def test_a_folder_is_refused(tmp_path):
    assert refused(tmp_path, target="y") == "it is a folder, not a file"


@unix
def test_a_pipe_is_refused_without_waiting_for_it(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    assert refused(tmp_path / "pipe.csv", target="y") == "it is a device or a pipe, not a file"


def test_a_huge_file_is_refused_by_its_size(tmp_path):
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(10**9 + 1)
    assert "data files of at most 1,000 MB are read" in refused(path, target="y")


# ---- NPZ

@pytest.fixture
def archive(tmp_path):
    """A function that saves arrays as NPZ and returns the path."""
    def written(**arrays):
        path = tmp_path / "mine.npz"
        np.savez_compressed(path, **arrays)
        return path
    return written


def test_npz_arrays_are_read(archive):
    data = read(archive(x=np.arange(6).reshape(3, 2), y=np.array([5, 3, 5])))
    assert data.x.dtype == np.float64
    assert data.x.tolist() == [[0, 1], [2, 3], [4, 5]]
    assert data.y.tolist() == [1, 0, 1]
    assert (data.classes, data.columns) == (("3", "5"), ("x1", "x2"))
    data = read(archive(x=np.eye(3), y=np.array(["b", "a", "b"])))
    assert (data.classes, data.y.tolist()) == (("a", "b"), [1, 0, 1])
    data = read(archive(x=np.eye(3), y=np.array([True, False, True])))
    assert data.classes == ("0", "1")
    data = read(archive(x=np.eye(3), y=np.array([[1, 2], [3, 4], [5, 6]])))
    assert (data.task, data.y.shape, data.targets) == ("regression", (3, 2), ("y1", "y2"))
    data = read(archive(x=np.eye(3), y=np.array([[1], [2], [1]])), task="regression")
    assert (data.y.tolist(), data.targets) == ([[1], [2], [1]], ("y",))


def test_npz_images_keep_their_shape_and_bytes_become_light(archive):
    images = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4) * 10
    data = read(archive(x=images, y=np.array([0, 1])))
    assert data.image == (3, 4)
    assert data.x.dtype == np.float32
    np.testing.assert_allclose(data.x, images.reshape(2, 12) / 255, rtol=1e-6)
    assert data.columns[5] == "pixel 2,2"
    floats = read(archive(x=images.astype(float), y=np.array([0, 1])))
    np.testing.assert_array_equal(floats.x, images.reshape(2, 12))


@pytest.mark.parametrize(("arrays", "words"), [
    ({"X": np.eye(2), "y": np.zeros(2)}, "there is no array 'x' in it; it has: X, y"),
    ({"x": np.eye(2)}, "there is no array 'y' in it; it has: x"),
    ({"x": np.array([[1, None]]), "y": np.zeros(1)}, "array 'x' has pickled objects"),
    ({"x": np.array([["a", "b"]]), "y": np.zeros(1)}, "array 'x' holds <U1, not numbers"),
    ({"x": np.eye(2) * 1j, "y": np.zeros(2)}, "array 'x' holds complex128, not numbers"),
    ({"x": np.zeros(3), "y": np.zeros(3)}, "array 'x' must have 2 dimensions (rows, inputs) or 3"),
    ({"x": np.eye(2), "y": np.zeros(())}, "array 'y' must have 1 dimension (rows) or 2"),
    ({"x": np.eye(3), "y": np.arange(2)}, "there are 3 rows of inputs and 2 of targets"),
    ({"x": np.zeros((0, 2)), "y": np.zeros(0)}, "there are no rows"),
    ({"x": np.zeros((2, 0)), "y": np.zeros(2)}, "there are no inputs"),
    ({"x": np.eye(3), "y": np.ones(3)}, "all rows are of one class, '1'"),
    ({"x": np.array([[1, 2], [3, np.nan]]), "y": np.arange(2)},
     "row 2 of the inputs, column 2: is missing (nan)"),
    ({"x": np.eye(2), "y": np.array([0.5, np.inf])}, "row 2 of the targets, column 1: is infinite"),
    ({"x": np.zeros((2, 5000)), "y": np.arange(2)}, "there are 5,000 inputs; at most 4,096"),
])
def test_a_wrong_npz_file_is_refused(arrays, words, archive):
    assert refused(archive(**arrays)).startswith(words)


def test_npz_arrays_that_declare_to_be_huge_are_never_allocated(tmp_path):
    path = tmp_path / "bomb.npz"
    header = np.lib.format.header_data_from_array_1_0(np.zeros((2, 2)))
    with zipfile.ZipFile(path, "w") as file, file.open("x.npy", "w") as entry:
        np.lib.format.write_array_header_1_0(entry, {**header, "shape": (10**9, 1000)})
    assert refused(path).startswith("there are 1,000,000,000 rows of 1,000 inputs")


@pytest.mark.parametrize("data", [b"PK\3\4 nothing", b"x,y\n1,2\n", b"\x93NUMPY"])
def test_what_is_no_npz_file_is_refused(data, tmp_path):
    (tmp_path / "a.npz").write_bytes(data)
    assert refused(tmp_path / "a.npz").startswith("this is not an NPZ file, or it is damaged")


def test_a_damaged_npz_file_is_refused(archive):
    path = archive(x=np.random.default_rng(0).normal(size=(50, 4)), y=np.arange(50) % 2)
    data = bytearray(path.read_bytes())
    data[300:400] = bytes(100)
    path.write_bytes(data)
    assert "damaged" in refused(path)


# ---- IDX

CODES = {"u1": 8, "i1": 9, ">i2": 11, ">i4": 12, ">f4": 13, ">f8": 14}


def idx(array):
    """An array as the bytes of an IDX file."""
    code = CODES[array.dtype.str.lstrip("|")]
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, code, array.ndim, *array.shape)
    return header + array.tobytes()


@pytest.fixture
def pair(tmp_path):
    """A function that writes images and labels, bytes as they are and arrays as IDX."""
    def written(images, labels, ending=""):
        paths = tmp_path / f"images-idx3-ubyte{ending}", tmp_path / f"labels-idx1-ubyte{ending}"
        for path, content in zip(paths, (images, labels), strict=True):
            data = content if isinstance(content, bytes) else idx(content)
            path.write_bytes(gzip.compress(data) if ending == ".gz" else data)
        return paths
    return written


IMAGES = np.arange(24, dtype=np.uint8).reshape(4, 2, 3) * 10
LABELS = np.array([7, 0, 7, 9], np.uint8)


@pytest.mark.parametrize("ending", ["", ".gz"])
def test_idx_images_and_labels_are_read(ending, pair):
    images, labels = pair(IMAGES, LABELS, ending)
    data = read(images, labels=str(labels))
    np.testing.assert_allclose(data.x, IMAGES.reshape(4, 6) / 255, rtol=1e-6)
    assert data.y.tolist() == [1, 0, 1, 2]
    assert (data.classes, data.image, data.task) == (("0", "7", "9"), (2, 3), "classes")
    ready = prepare(data, 0.25, ["center"], 0)
    assert ready.train_x.dtype == np.float64
    np.testing.assert_allclose(ready.train_x.mean(axis=0), 0, atol=1e-12)


@pytest.mark.parametrize("code", CODES)
def test_idx_holds_any_type_big_endian(code, pair):
    numbers = np.array([[1, -2 if code != "u1" else 2], [100, 3]], code)
    images, labels = pair(numbers, np.array([1, 2], ">i4"))
    data = read(images, labels=str(labels))
    np.testing.assert_array_equal(data.x, numbers.astype(float))
    assert data.image is None


@pytest.mark.parametrize(("content", "words"), [
    (b"", "the file is empty"),
    (b"a,b\n1,2\n", "this is not an IDX file: it begins with 61 2c 62 0a"),
    (b"\0\0\x0a\1", "this is not an IDX file: it begins with 00 00 0a 01"),
    (b"\0\0\x08", "this is not an IDX file: it begins with 00 00 08"),
    (b"\0\0\x08\0", "it has 0 dimensions; from 1 to 4"),
    (b"\0\0\x08\7" + bytes(28), "it has 7 dimensions; from 1 to 4"),
    (b"\0\0\x08\3\0\0", "the file is cut off in its header"),
    (idx(IMAGES)[:-1], "the file is cut off: it declares 24 bytes of numbers and has 23"),
    (idx(IMAGES) + b"\0", "the file goes on behind the 24 bytes of numbers that it declares"),
    (struct.pack(">BBBB3I", 0, 0, 8, 3, 2**32 - 1, 28, 28) + b"\0",
     "there are 4,294,967,295 rows of 784 inputs"),
    (struct.pack(">BBBB3I", 0, 0, 8, 3, 2, 2**32 - 1, 2**32 - 1),
     "there are 18,446,744,065,119,617,025 inputs; at most 4,096 are read"),
])
@pytest.mark.parametrize("ending", ["", ".gz"])
def test_a_wrong_idx_file_is_refused(content, words, ending, pair):
    images, labels = pair(content, LABELS, ending)
    if not content and ending:
        words = "this is not an IDX file"
    assert refused(images, labels=str(labels)).startswith(words)


@pytest.mark.parametrize(("cut", "words"), [
    (slice(0, -12), "the file is cut off: its gzip stream does not end"),
    (slice(0, 20), "the file is cut off"),
])
def test_a_cut_off_gzip_file_is_refused(cut, words, pair):
    images, labels = pair(np.random.default_rng(0).integers(0, 255, (4, 9, 9)).astype("u1"),
                          LABELS, ".gz")
    images.write_bytes(images.read_bytes()[cut])
    assert refused(images, labels=str(labels)).startswith(words)


def test_a_damaged_gzip_file_is_refused(pair):
    images, labels = pair(np.random.default_rng(0).integers(0, 255, (4, 9, 9)).astype("u1"),
                          LABELS, ".gz")
    data = bytearray(images.read_bytes())
    data[-8:-4] = b"\1\2\3\4"
    images.write_bytes(data)
    assert refused(images, labels=str(labels)).startswith("the file is damaged")


def test_images_and_labels_must_be_as_many(pair):
    images, labels = pair(IMAGES, LABELS[:3])
    assert refused(images, labels=str(labels)) == (
        f"there are 4 rows in it and 3 labels in {labels}; there must be as many of both")


def test_a_wrong_labels_file_is_named(pair):
    images, labels = pair(IMAGES, b"\0\0\x08\1\0\0\0\4\1")
    with pytest.raises(FileError) as error:
        read(images, labels=str(labels))
    assert str(error.value).startswith(f"{labels}: the file is cut off")


def test_nothing_is_read_of_an_idx_file_that_is_too_large(pair, monkeypatch):
    images, labels = pair(IMAGES, LABELS)
    monkeypatch.setattr(raw, "MOST_CELLS", 23)
    monkeypatch.setattr(idx_file.np, "frombuffer", _only_headers(np.frombuffer))
    assert refused(images, labels=str(labels)).endswith("24 numbers in all; at most 23 are read")


def _only_headers(frombuffer):
    """`frombuffer` that fails the test for the bytes of images."""
    def checked(data, dtype):
        assert len(data) < 24
        return frombuffer(data, dtype)
    return checked
