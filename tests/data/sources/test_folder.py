import hashlib
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from scratchlab.data import DataFileError, Dataset, folder
from scratchlab.data.files import memory


def put(path: Path, pixels: NDArray[np.uint8] | Image.Image) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    image.save(path)
    return path


@pytest.fixture
def grays(tmp_path: Path) -> Path:
    """Ten images of 2x3 pixels in each of the classes 2 and 10; the first pixel numbers the image."""
    for k in range(20):
        pixels = np.full((2, 3), 200, np.uint8)
        pixels[0, 0] = k
        put(tmp_path / "mine" / ("2" if k < 10 else "10") / f"{k}.png", pixels)
    return tmp_path / "mine"


def only(path: Path, shape: list[int] | None = None) -> Dataset:
    """Read a folder whose images of each class are alike."""
    return folder(path=path, shape=shape, val_fraction=0, test_fraction=0.5)


def first_image(dataset: Dataset) -> NDArray[np.uint8]:
    pixels = dataset.preprocessing.invert(dataset.test.inputs[dataset.test.targets == 0][0])
    return np.asarray(pixels.reshape(dataset.input_shape))


def beside(place: Path, image: NDArray[np.uint8] | Image.Image, suffix: str = "png") -> Path:
    """Put an image twice into the class a, and two that are all black of the same size into the class b."""
    one = image if isinstance(image, Image.Image) else Image.fromarray(image)
    for k in range(2):
        put(place / "a" / f"{k}.{suffix}", one)
        put(place / "b" / f"{k}.png", Image.new("L" if one.mode in {"L", "1", "LA"} else "RGB", one.size))
    return place


def test_the_images_are_shared_out_by_class(grays: Path) -> None:
    dataset = folder(path=str(grays))
    assert (dataset.name, dataset.class_names, dataset.input_shape) == ("mine", ("2", "10"), (2, 3))
    splits = (dataset.train, dataset.val, dataset.test)
    assert [np.bincount(split.targets).tolist() for split in splits] == [[8, 8], [1, 1], [1, 1]]
    numbers = []
    for split in splits:
        pixels = dataset.preprocessing.invert(split.inputs)
        assert (pixels[:, 1:] == 200).all()
        assert ((pixels[:, 0] >= 10) == (split.targets == 1)).all()
        numbers += pixels[:, 0].tolist()
    assert sorted(numbers) == list(range(20))
    assert dataset.train.inputs.max() == pytest.approx(200 / 255)


def test_the_digest_is_that_of_names_and_bytes_wherever_the_folder_is(grays: Path) -> None:
    expected = hashlib.sha256()
    for path in [grays / "2" / f"{k}.png" for k in range(10)] + [
        grays / "10" / f"{k}.png" for k in range(10, 20)
    ]:
        content = path.read_bytes()
        expected.update(f"{path.parent.name}/{path.name}\0{len(content)}\0".encode() + content)
    digest = folder(path=grays).digest
    assert digest == expected.hexdigest()
    assert folder(path=grays.rename(grays.with_name("moved"))).digest == digest
    (grays.with_name("moved") / "2" / "0.png").rename(grays.with_name("moved") / "2" / "00.png")
    assert folder(path=grays.with_name("moved")).digest != digest


def test_colors_are_planes(tmp_path: Path) -> None:
    pixels = np.zeros((2, 2, 3), np.uint8)
    pixels[0, 1] = [10, 20, 30]
    found = first_image(only(beside(tmp_path, pixels)))
    assert found.shape == (3, 2, 2)
    assert found[:, 0, 1].tolist() == [10, 20, 30]
    assert found.sum() == 60


def test_a_shape_makes_images_gray_or_colored_and_resizes_them(tmp_path: Path) -> None:
    place = beside(tmp_path, np.full((4, 6, 3), 90, np.uint8))
    put(place / "a" / "0.png", np.full((9, 9), 90, np.uint8))
    assert (first_image(only(place, [2, 3])) == np.full((2, 3), 90)).all()
    assert (first_image(only(place, [3, 5, 4])) == np.full((3, 5, 4), 90)).all()


@pytest.mark.parametrize("suffix", ["bmp", "gif", "jpg", "pgm", "png", "tiff", "webp", "PNG"])
def test_formats_of_gray_images(tmp_path: Path, suffix: str) -> None:
    found = first_image(only(beside(tmp_path, np.full((8, 8), 120, np.uint8), suffix), [8, 8]))
    assert found == pytest.approx(np.full((8, 8), 120), abs=2)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_what_is_transparent_is_white(tmp_path: Path, mode: str) -> None:
    image = Image.new(mode, (2, 2), (0,) * len(mode))
    image.putpixel((0, 0), (0,) * (len(mode) - 1) + (255,))
    assert first_image(only(beside(tmp_path, image), [2, 2])).tolist() == [[0, 255], [255, 255]]


def test_a_photo_is_turned_as_its_camera_says(tmp_path: Path) -> None:
    image = Image.fromarray(np.array([[0, 255]], np.uint8).repeat(8, 0).repeat(8, 1))
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    for k in range(2):
        (tmp_path / "a").mkdir(exist_ok=True)
        image.save(tmp_path / "a" / f"{k}.jpg", exif=exif)
        put(tmp_path / "b" / f"{k}.png", np.zeros((16, 8), np.uint8))
    found = first_image(only(tmp_path))
    assert found.shape == (16, 8)
    assert found[:8].max() < 30
    assert found[8:].min() > 220


def test_what_systems_leave_behind_is_passed_over(grays: Path) -> None:
    digest = folder(path=grays).digest
    for name in (".DS_Store", "__MACOSX/._1.png", ".git/x", "2/.hidden", "2/Thumbs.db", "README.md"):
        (grays / name).parent.mkdir(exist_ok=True)
        (grays / name).write_text("nothing")
    assert folder(path=grays).digest == digest


def test_images_of_different_sizes_need_a_shape(grays: Path) -> None:
    path = put(grays / "2" / "other.png", np.zeros((5, 4), np.uint8))
    with pytest.raises(DataFileError) as caught:
        folder(path=grays)
    assert str(caught.value) == (
        f"{path}: expected an image like 2/0.png, 2x3 gray, found 5x4 gray; "
        "give all one shape, as with data.shape=[28,28], or [3,28,28] in color"
    )
    put(path, np.zeros((2, 3, 3), np.uint8))
    with pytest.raises(DataFileError, match="2x3 gray, found 2x3 in color"):
        folder(path=grays)
    assert folder(path=grays, shape=[2, 3]).input_shape == (2, 3)


def stored(image: Image.Image, format: str) -> bytes:
    content = BytesIO()
    image.save(content, format)
    return content.getvalue()


GRAY = Image.new("L", (50, 50), 7)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.png", b"", "expected data, found an empty file"),
        (
            "x.png",
            b"<html>",
            "expected an image that Pillow can read, found other data; replace or remove it",
        ),
        ("x.png", stored(GRAY, "png")[:60], "expected an image that Pillow can read, found "),
        ("x.jpg", stored(GRAY, "jpeg")[:-200], "expected an image that Pillow can read, found OSError: "),
        (
            "x.png",
            stored(Image.new("I;16", (3, 2)), "png"),
            "expected 8 bits for each pixel and color, found .* I;16",
        ),
        (
            "x.tif",
            stored(Image.new("F", (3, 2)), "tiff"),
            "expected 8 bits for each pixel and color, found .* F",
        ),
        ("labels.txt", b"1", r"expected an image \(\.bmp, .*\), found another name; move it elsewhere"),
    ],
)
def test_other_files_are_refused(grays: Path, name: str, content: bytes, message: str) -> None:
    (grays / "2" / name).write_bytes(content)
    with pytest.raises(DataFileError, match=rf"^{grays}/2/{name}: .*{message}"):
        folder(path=grays)


def test_a_bomb_is_refused(grays: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(grays / "2" / "x.png", np.zeros((50, 50), np.uint8))
    for largest in (1500, 500):  # a warning of Pillow, and an error
        monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", largest)
        with pytest.raises(DataFileError, match=r"/2/x\.png: .*decompression bomb"):
            folder(path=grays)


def test_a_folder_without_folders_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        DataFileError, match=f"{tmp_path}: expected a folder of images for each class, found no"
    ):
        folder(path=tmp_path)


def test_a_class_without_images_is_refused(grays: Path) -> None:
    (grays / "3").mkdir()
    (grays / "3" / ".keep").touch()
    with pytest.raises(
        DataFileError, match=f"{grays}/3: expected images, found an empty folder; add some, or"
    ):
        folder(path=grays)


def test_the_folder_above_is_refused(grays: Path) -> None:
    with pytest.raises(
        DataFileError, match=r"/mine: expected images, found the folder 10; data\.path is the"
    ):
        folder(path=grays.parent)


def test_an_image_beside_the_classes_is_refused(grays: Path) -> None:
    path = put(grays / "x.JPG", np.zeros((2, 3), np.uint8))
    with pytest.raises(DataFileError, match=f"{path}: expected an image in the folder of its class, found"):
        folder(path=grays)


def test_one_class_alone_is_refused(grays: Path) -> None:
    (grays / "10").rename(grays.with_name("10"))
    with pytest.raises(
        DataFileError, match=f"{grays}: expected examples of at least two classes, found 2 alone"
    ):
        folder(path=grays)


def test_images_that_do_not_fit_are_refused_after_the_first(
    grays: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (grays / "2" / "1.png").write_text("is never read")
    monkeypatch.setattr(memory, "available_bytes", lambda: 20 * 6 * 6 - 1)
    with pytest.raises(
        DataFileError, match=f"{grays}: .*available memory.*; make the images smaller with data.sh"
    ):
        folder(path=grays)
