"""People, their roles and their data."""

from tests.kinds.catalogue.kind import Kind, empty

PEOPLE_PAGES = [
    Kind("people", "personer/", "administrator"),
    Kind("people of a municipality", "personer/", "town coordinator"),
    Kind("people, none in the filter", "personer/?role=editor", "town coordinator"),
    Kind("person", "personer/{person}/", "administrator"),
    Kind("person without an account", "personer/{without_account}/", "coordinator"),
    Kind("person invited", "personer/{invited_open}/", "coordinator"),
    Kind("person, new", "personer/ny/", "coordinator"),
    Kind("person, new, empty", "personer/ny/", "coordinator", 422, empty("name", "email")),
    Kind("person, change", "personer/{person}/ret/", "administrator"),
    Kind("person, give a role", "personer/{person}/rolle/", "administrator"),
    Kind(
        "person, give a role, empty",
        "personer/{person}/rolle/",
        "administrator",
        422,
        empty("key", "where", "starts_on"),
    ),
    Kind("person, end a role", "personer/{person}/rolle/{role}/", "administrator"),
    Kind("person, add a workplace", "personer/{person}/arbejde/", "administrator"),
    Kind("person, languages", "personer/{without_account}/sprog/", "administrator"),
    Kind("organisations", "personer/organisationer/", "administrator"),
    Kind("organisation, new", "personer/organisationer/ny/", "administrator"),
    Kind(
        "organisation, new, empty",
        "personer/organisationer/ny/",
        "administrator",
        422,
        empty("name", "starts_on"),
    ),
    Kind("organisation, change", "personer/organisationer/{organisation}/", "administrator"),
    Kind("person, close the account", "personer/{person}/luk/", "administrator"),
    Kind("people, not allowed", "personer/", "caseworker", 403),
    Kind("who has seen a person", "personer/{person}/set/", "administrator"),
    Kind("wishes for deletion", "personer/sletning/", "administrator"),
    Kind("delete a person, no wish", "personer/{person}/slet/", "administrator"),
    Kind("delete a person, too early", "personer/{leaver}/slet/", "administrator"),
    Kind("delete a person, now", "personer/{gone}/slet/", "administrator"),
]
