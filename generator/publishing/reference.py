from generator.publishing.documents import Json


def reference_page(contract: Json) -> str:
    return ""
