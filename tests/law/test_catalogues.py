"""Papers and bodies: what the shipped catalogues hold, and what a faulty one is told."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from anxin.law import DataError, load
from anxin.law.catalogues import Body, Document, check_documents, parse_bodies, parse_documents

DATA = Path(__file__).parents[2] / "anxin" / "law" / "data"


def _entries(name: str) -> dict[str, Any]:
    content = yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))
    return content[name]


@pytest.fixture(scope="module")
def bodies() -> dict[str, Body]:
    return parse_bodies(_entries("bodies"), "bodies.yaml")


@pytest.fixture(scope="module")
def documents() -> dict[str, Document]:
    return parse_documents(_entries("documents"), "documents.yaml")


class TestShippedCatalogues:
    def test_every_issuer_and_article_resolves(
        self, documents: dict[str, Document], bodies: dict[str, Body]
    ) -> None:
        law = load()
        statutes = _entries("statutes")
        check_documents(documents, bodies, statutes, "documents.yaml")
        cited = {reference.statute for document in documents.values() for reference in document.references}
        assert len(cited) > 20
        for key in cited:
            assert law.statute(key).title

    def test_a_paper_of_inspection_says_who_signs_it_and_on_what_article(
        self, documents: dict[str, Document]
    ) -> None:
        order = documents["rectification_order"]
        assert order.name == "劳动保障监察限期改正指令书"
        assert order.issued_by == ("hr_bureau",)
        assert [(ref.statute, ref.article) for ref in order.references] == [
            ("inspection_regulation", 18),
            ("inspection_regulation", 26),
        ]
        assert order.answers_to("限期改正指令书")
        assert not order.answers_to("行政处罚决定书")

    def test_one_short_word_may_mean_several_papers(self, documents: dict[str, Document]) -> None:
        meant = {document.key for document in documents.values() if document.answers_to("告知书")}
        assert {"penalty_prior_notice", "listing_notice", "rating_notice", "privacy_notice"} <= meant

    @pytest.mark.parametrize(
        "word, key",
        [
            ("三方资金监管协议", "account_agreement"),
            ("三方资金管理协议", "account_agreement"),
            ("三方协议", "account_agreement"),
            ("免存核定表", "deposit_ratio_determination"),
            ("新保函", "letter_of_guarantee"),
            ("行政处罚事先告知书", "penalty_prior_notice"),
            ("延期分期缴纳批准书", "fine_deferral_approval"),
            ("交接清单", "handover_list"),
            ("追偿函", "recovery_notice"),
        ],
    )
    def test_different_words_for_one_paper_lead_to_it(
        self, documents: dict[str, Document], word: str, key: str
    ) -> None:
        assert [paper.key for paper in documents.values() if paper.answers_to(word)] == [key]

    @pytest.mark.parametrize(
        "body, side, head_only",
        [
            ("inspection_body", "bureau", False),
            ("inspection_head", "bureau", True),
            ("hr_bureau_chief", "bureau", True),
            ("city_hr_bureau_head", "bureau", True),
            ("court", "outside", False),
            ("police", "outside", False),
            ("general_contractor", "party", False),
            ("worker", "party", False),
            ("system", "system", False),
        ],
    )
    def test_who_takes_a_step_and_who_only_decides(
        self, bodies: dict[str, Body], body: str, side: str, head_only: bool
    ) -> None:
        assert (bodies[body].side, bodies[body].head_only) == (side, head_only)


GOOD_PAPER = {"name": "约谈通知书", "group": "预警与约谈", "issued_by": ["wage_office"]}


class TestFaultyDocuments:
    @pytest.mark.parametrize(
        "change, words",
        [
            ({"name": None}, "name 应为文字"),
            ({"group": " "}, "group 应为文字"),
            ({"issued_by": "wage_office"}, "issued_by 应为一列文字"),
            ({"issued_by": []}, "没有写明由谁出具"),
            ({"also_called": ["提示", "提示"]}, "also_called 有重复"),
            ({"also_called": ["约谈通知书"]}, "与名称相同"),
            ({"note": 3}, "note 应为文字"),
            ({"issuer": "x"}, "不认识的字段：issuer"),
            ({"references": [{"article": 3}]}, "应写明 statute"),
            ({"references": [{"statute": "wage_regulation", "article": 0}]}, "应为正整数"),
        ],
    )
    def test_a_faulty_field_is_named_with_file_and_entry(self, change: dict[str, Any], words: str) -> None:
        with pytest.raises(DataError, match=words) as caught:
            parse_documents({"interview_notice": {**GOOD_PAPER, **change}}, "documents.yaml")
        assert "documents.yaml：文书“interview_notice”" in str(caught.value)

    @pytest.mark.parametrize("field", ["name", "group", "issued_by"])
    def test_a_missing_field_is_named(self, field: str) -> None:
        entry = {name: value for name, value in GOOD_PAPER.items() if name != field}
        with pytest.raises(DataError, match=f"缺少 {field}"):
            parse_documents({"interview_notice": entry}, "documents.yaml")

    @pytest.mark.parametrize("key", ["Interview", "约谈通知书", "interview-notice", 7])
    def test_a_key_is_plain_lower_case(self, key: Any) -> None:
        with pytest.raises(DataError, match="小写英文字母"):
            parse_documents({key: GOOD_PAPER}, "documents.yaml")

    def test_an_empty_entry_is_told_what_it_needs(self) -> None:
        with pytest.raises(DataError, match="没有内容"):
            parse_documents({"interview_notice": None}, "documents.yaml")

    def test_two_entries_with_one_name_are_refused(self) -> None:
        with pytest.raises(DataError, match="同名（约谈通知书）"):
            parse_documents({"one": GOOD_PAPER, "other": GOOD_PAPER}, "documents.yaml")

    def test_an_unknown_issuer_is_refused(self) -> None:
        papers = parse_documents({"interview_notice": GOOD_PAPER}, "documents.yaml")
        with pytest.raises(DataError, match="由“wage_office”出具"):
            check_documents(papers, {}, {}, "documents.yaml")

    def test_an_unknown_statute_is_refused(self) -> None:
        entry = {**GOOD_PAPER, "references": [{"statute": "no_such_law", "article": 1}]}
        papers = parse_documents({"interview_notice": entry}, "documents.yaml")
        bodies = parse_bodies(
            {"wage_office": {"name": "治欠办", "side": "bureau", "level": "officer"}}, "bodies.yaml"
        )
        with pytest.raises(DataError, match="没有收录的法规“no_such_law”"):
            check_documents(papers, bodies, {"wage_regulation": object()}, "documents.yaml")


class TestFaultyBodies:
    @pytest.mark.parametrize(
        "entry, words",
        [
            ({"name": "人民法院", "side": "judge"}, "side 应为"),
            ({"name": "监察员", "side": "bureau"}, "level 应为"),
            ({"name": "监察员", "side": "bureau", "level": "boss"}, "level 应为"),
            ({"name": "人民法院", "side": "outside", "level": "head"}, "不能写 level"),
            ({"name": "", "side": "outside"}, "name 应为文字"),
            ({"side": "outside"}, "缺少 name"),
            ({"name": "人民法院", "side": "outside", "rank": 1}, "不认识的字段：rank"),
        ],
    )
    def test_a_faulty_body_is_named_with_file_and_entry(self, entry: dict[str, Any], words: str) -> None:
        with pytest.raises(DataError, match=words) as caught:
            parse_bodies({"someone": entry}, "bodies.yaml")
        assert "bodies.yaml：主体“someone”" in str(caught.value)

    def test_two_bodies_with_one_name_are_refused(self) -> None:
        court = {"name": "人民法院", "side": "outside"}
        with pytest.raises(DataError, match="与“court”同名"):
            parse_bodies({"court": court, "people_court": court}, "bodies.yaml")
