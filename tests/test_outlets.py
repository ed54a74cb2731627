"""What is known of an article: outlet names, manifests, dates, and which one wins."""

import pytest

from annotator.errors import BadManifest
from annotator.ingest import Options, read
from annotator.ingest.dates import iso_date
from annotator.ingest.manifest import load_manifest
from annotator.ingest.outlets import canonical, load_aliases
from annotator.records import Article, Failure

STORY = (
    "The harbour board met on Monday and voted to close the eastern quay.\n\n"
    "Its chairman said that the decision would be reviewed in the autumn.\n"
)

NAMES = [
    ("South Front", "SouthFront"),
    ("SOUTHFRONT", "SouthFront"),
    ("southfront.org", "SouthFront"),
    ("https://www.southfront.org/a-story?x=1", "SouthFront"),
    ("maps.southfront.org", "SouthFront"),
    ("IranWire", "IranWire"),
    ("bbc.co.uk", "BBC"),
    ("//news.bbc.co.uk/1/hi", "BBC"),
    ("B.B.C.", "BBC"),
    ("  Al  Jazeera ", "Al Jazeera"),
    ("The Norwick  Courier", "The Norwick Courier"),
    ("https://WWW.Norwick.example:8080/x", "norwick.example"),
    ("notsouthfront.org", "notsouthfront.org"),
    ("Ａｌ Jazeera", "Al Jazeera"),
]


@pytest.mark.parametrize(("name", "outlet"), NAMES)
def test_names_and_addresses_of_one_outlet_are_one(name, outlet):
    assert canonical(name, load_aliases()) == outlet


def test_the_users_aliases_win_over_the_shipped(tmp_path):
    table = tmp_path / "aliases.csv"
    table.write_text("name,outlet\nBBC,Auntie\nThe Courier,Norwick Courier\n")
    aliases = load_aliases(table)
    assert canonical("bbc", aliases) == "Auntie"
    assert canonical("the courier", aliases) == "Norwick Courier"
    assert canonical("South Front", aliases) == "SouthFront"


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ("alias;name\na;b\n", "columns name,outlet"),
        ("name,outlet\nA,\n", "line 2: an empty"),
        ("name,outlet\nA,B\na,C\n", "line 3: a stands for both B and C"),
    ],
)
def test_a_faulty_alias_table_is_refused_at_once(tmp_path, table, reason):
    path = tmp_path / "aliases.csv"
    path.write_text(table)
    with pytest.raises(BadManifest, match=reason):
        read([tmp_path], Options(aliases=path))


DATES = [
    ("2020-05-21", "2020-05-21"),
    ("2020-05-21T09:30:00Z", "2020-05-21T09:30:00+00:00"),
    ("2020-05-21 09:30:00+03:00", "2020-05-21T09:30:00+03:00"),
    ("May 21, 2020", "2020-05-21"),
    ("21 May 2020 14:05", "2020-05-21T14:05:00"),
    ("Thu, 21 May 2020 09:30:00 GMT", "2020-05-21T09:30:00+00:00"),
    ("May 2020", "2020-05"),
    ("2020", "2020"),
    ("25/12/2020", "2020-12-25"),
    ("12/25/2020", "2020-12-25"),
    ("03/03/2020", "2020-03-03"),
    ("03/04/2020", None),
    ("1590053400", "2020-05-21T09:30:00+00:00"),
    ("1590053400000", "2020-05-21T09:30:00+00:00"),
    ("May 21", None),
    ("yesterday", None),
    ("", None),
    ("9" * 50, None),
    ("2020-13-45", None),
]


@pytest.mark.parametrize(("written", "iso"), DATES)
def test_dates_are_as_precise_as_they_were_written(written, iso):
    assert iso_date(written) == iso


def _articles(paths, **options):
    return [a for a in read(paths, Options(**options)) if isinstance(a, Article)]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "Norwick Courier").mkdir()
    (tmp_path / "Norwick Courier" / "a.txt").write_text(STORY)
    return tmp_path


@pytest.mark.parametrize("absolute", [False, True])
def test_a_manifest_names_files_from_its_own_folder_or_absolutely(folder, absolute):
    named = (
        folder / "Norwick Courier" / "a.txt" if absolute else "Norwick Courier/a.txt"
    )
    manifest = folder / "manifest.csv"
    manifest.write_text(
        "path,outlet,title,author,published,url,language\n"
        f"{named},South Front,Quay shut,Ann Lee,May 2020,https://x.example/1,en-GB\n"
    )
    (article,) = _articles([folder], manifest=manifest, outlet_from_folder=True)
    assert article.outlet == "SouthFront"
    assert article.title == "Quay shut"
    assert article.author == "Ann Lee"
    assert article.published == "2020-05"
    assert article.url == "https://x.example/1"
    assert article.language == "en"


def test_a_manifest_names_files_from_where_the_command_runs(folder, monkeypatch):
    monkeypatch.chdir(folder)
    (folder / "lists").mkdir()
    manifest = folder / "lists" / "m.csv"
    manifest.write_text("path;outlet\nNorwick Courier/a.txt;BBC News\n")
    (article,) = _articles(["Norwick Courier"], manifest=manifest)
    assert article.outlet == "BBC"


def test_the_folder_names_the_outlet_only_when_asked(folder):
    assert _articles([folder])[0].outlet is None
    assert _articles([folder], outlet_from_folder=True)[0].outlet == "Norwick Courier"


def test_a_record_wins_over_the_folder_and_a_manifest_over_the_record(folder):
    record = folder / "Norwick Courier" / "b.json"
    record.write_text('{"text": "The quay was closed on Monday.", "outlet": "Reuters"}')
    assert _articles([record], outlet_from_folder=True)[0].outlet == "Reuters"
    manifest = folder / "m.csv"
    manifest.write_text("path,outlet\nNorwick Courier/b.json,AFP\n")
    article = _articles([record], manifest=manifest)[0]
    assert article.outlet == "Agence France-Presse"


def test_an_address_names_the_outlet_where_nothing_else_does(tmp_path):
    record = tmp_path / "a.json"
    record.write_text(
        '{"text": "The quay was closed.", "url": "https://www.reuters.com/world/1"}'
    )
    assert _articles([record])[0].outlet == "Reuters"


def test_a_title_in_a_manifest_is_that_of_the_first_record_only(tmp_path):
    record = tmp_path / "a.jsonl"
    record.write_text('{"text": "The quay shut."}\n{"text": "The quay opened."}\n')
    manifest = tmp_path / "m.csv"
    manifest.write_text("path,title,outlet\na.jsonl,Quay shut,AFP\n")
    first, second = _articles([record], manifest=manifest)
    assert (first.title, second.title) == ("Quay shut", None)
    assert first.outlet == second.outlet == "Agence France-Presse"


def test_a_date_nobody_can_read_is_left_unknown_and_noted(tmp_path):
    record = tmp_path / "a.json"
    record.write_text('{"text": "The quay was closed.", "date": "03/04/2020"}')
    (article,) = _articles([record])
    assert article.published is None
    assert article.notes == ("date left unknown: '03/04/2020' is not a full date",)


@pytest.mark.parametrize(
    ("manifest", "reason"),
    [
        ("path,oulet\na.txt,x\n", "got path, oulet"),
        ("outlet,title\nx,y\n", "expected the column path"),
        ("path,title,title\na.txt,x,y\n", "each once"),
        ("path,outlet\na.txt,x\na.txt,y\n", "line 3: a.txt stands twice"),
        ("path,outlet\na.txt,x,y\n", "line 2: too many fields"),
        ("", "got no header"),
    ],
)
def test_a_faulty_manifest_is_refused_at_once(tmp_path, manifest, reason):
    (tmp_path / "a.txt").write_text(STORY)
    path = tmp_path / "manifest.csv"
    path.write_text(manifest)
    with pytest.raises(BadManifest, match=reason):
        read([tmp_path], Options(manifest=path))


def test_a_manifest_row_without_a_file_is_a_failure_and_the_rest_is_read(folder):
    manifest = folder / "manifest.csv"
    manifest.write_text("path,outlet\ngone.txt,AFP\nNorwick Courier/a.txt,AFP\n")
    failure, article, *_ = read([folder], Options(manifest=manifest))
    assert isinstance(failure, Failure)
    assert (failure.path, failure.stage) == ("gone.txt", "manifest")
    assert article.outlet == "Agence France-Presse"


def test_a_missing_manifest_is_refused(tmp_path):
    with pytest.raises(BadManifest, match="cannot be read"):
        load_manifest(tmp_path / "none.csv")
