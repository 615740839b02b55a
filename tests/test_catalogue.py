"""The catalogue of models: the published hashes, and catalogues that are none."""

from pathlib import Path

import pytest

from index.errors import BadConfiguration
from vraagbaak.models.catalogue import Model, PackageSource, load_catalogue

PUBLISHED = """
embeddinggemma-300m model.safetensors
cbf5a78393b6a033e0b8a63a57549964f7ed5c6fbeb4ba0694214f36123f2fd2
embeddinggemma-300m 2_Dense/model.safetensors
c327f2acb00149676ade24a75e11eb6ebbd367f9ee050267ba56829d2979f702
embeddinggemma-300m 3_Dense/model.safetensors
ffb6cc5162e11e2ce6bc2367e121ee3bbbc4e82e1ee26826bd7573d4948d81b8
embeddinggemma-300m tokenizer.json
6852f8d561078cc0cebe70ca03c5bfdd0d60a45f9d2e0e1e4cc05b68e9ec329e
embeddinggemma-300m config.json
8f863f76e2d9c710cc833dc92efa898c9adfd41031c786507cc6b0e49c2e3e68
embeddinggemma-300m modules.json
5b5649645fb756dad1a8e2efe7872d3bb32bc00b93c95f276dd17f474eedccdc
qwen2.5-coder-1.5b-instruct-q4_k_m qwen2.5-coder-1.5b-instruct-q4_k_m.gguf
cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046
qwen2.5-coder-0.5b-instruct-q4_k_m qwen2.5-coder-0.5b-instruct-q4_k_m.gguf
1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32
"""


@pytest.mark.parametrize(
    "content",
    ["", "[models", "[models.a]", '[models.a]\nrole = "cook"', '[models.a]\nrole = "answers"\nfiles = 3'],
)
def test_what_is_no_catalogue(tmp_path: Path, content: str) -> None:
    (tmp_path / "bad.toml").write_text(content, encoding="utf-8")
    with pytest.raises(BadConfiguration, match=r"bad\.toml"):
        load_catalogue(tmp_path / "bad.toml")


def packed_pieces(model: Model) -> int:
    return next(source.size for source in model.sources if isinstance(source, PackageSource))


def test_the_catalogue_holds_the_published_files() -> None:
    models = load_catalogue().models
    lines = PUBLISHED.split("\n")[1:-1]
    published = {(*name.split(), sha256) for name, sha256 in zip(lines[::2], lines[1::2], strict=True)}
    found = {(name, file.path, file.sha256) for name, model in models.items() for file in model.files}
    assert published <= found
    for name, model in models.items():
        assert model.notice and model.licence, name
        assert all(len(file.sha256) == 64 and file.size > 0 for file in model.files), name
        assert not any(file.path.endswith((".bin", ".pt", ".pkl", ".py")) for file in model.files), name
    assert packed_pieces(models["embeddinggemma-300m"]) == 1_147_303_689
    for name in ("qwen2.5-coder-1.5b-instruct-q4_k_m", "qwen2.5-coder-0.5b-instruct-q4_k_m"):
        assert packed_pieces(models[name]) == models[name].size
