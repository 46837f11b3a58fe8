// The rule against citizens' identity, step by step as in site/core/identity.py, which gives the
// reasons. site/core/data/identity_corpus.json holds both to the same answers.

const GONE = "\0";
const BARRIER = "#";
const SAME_MEANING = {
  "-": "_\u02d7\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d",
  ".": "\u00b7\u2024\u2027\u2219\uff0e",
  "/": "\u2044\u2215\uff0f",
  " ": "\u115f\u1160\u2800\u3164\uffa0",
};
const NAMED = {
  "<": "lt",
  ">": "gt",
  " ": "Tab NewLine nbsp ensp emsp emsp13 emsp14 numsp puncsp thinsp hairsp MediumSpace NonBreakingSpace",
  [GONE]: "ZeroWidthSpace NoBreak zwnj zwj lrm rlm shy",
  "-": "hyphen dash ndash mdash horbar minus lowbar",
  ".": "period middot centerdot",
  "/": "sol frasl",
};
const ENTITIES = new Map(
  Object.entries(NAMED).flatMap(([character, names]) => names.split(" ").map((name) => [name, character])),
);
const DIGIT = /\p{Nd}/u;

/** Digits stand in rows of ten in every script, from nought on. */
function valueOf(digit) {
  let before = 0;
  while (DIGIT.test(String.fromCodePoint(digit.codePointAt(0) - before - 1))) before += 1;
  return String(before % 10);
}

function meaning(character) {
  if (DIGIT.test(character)) return valueOf(character);
  for (const one in SAME_MEANING) if (SAME_MEANING[one].includes(character)) return one;
  if (character === "\n") return character;
  if (/[\s\x1c-\x1f\x85]/.test(character) && character !== "\ufeff") return " ";
  if (/[\p{Cc}\p{Cf}\p{Mn}\p{Me}]/u.test(character)) return GONE;
  return character < "\x80" ? character : BARRIER;
}

const plain = (text) => Array.from(text, meaning).join("");
const gone = (found) => GONE.repeat(found.length);

function decoded(entity, decimal, hexadecimal, name) {
  const code = decimal ? Number(decimal) : parseInt(hexadecimal, 16);
  const character = name ? ENTITIES.get(name) : code <= 0x10ffff && String.fromCodePoint(code);
  return character ? character + GONE.repeat(entity.length - 1) : entity;
}

/** The text as it stands and, where it holds markup, as its reader sees it. */
function viewsOf(text) {
  const read = text.replace(/&(?:amp;)*(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z0-9]{2,16}));?/g, decoded);
  if (!read.includes("<")) return [plain(read)];
  const shown = read.replace(/<!--[^]*?-->/g, gone).replace(/<\/?[A-Za-z!?][^<>]*>/g, gone);
  return [plain(read), plain(shown)];
}

const HARMLESS = new RegExp(
  "(?<![0-9A-Za-z])(?:" +
    "[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}" +
    "|(?=[0-9]*[A-Fa-f])[0-9A-Fa-f]{24,}" +
    "|[A-Z]{2}[0-9]{2}(?: ?[0-9A-Z]{4}){3,7}(?: ?[0-9A-Z]{1,3})?" +
    "|(?:1[89]|2[01])[0-9]{2}([-./])(?:0[1-9]|1[0-2])\\1(?:0[1-9]|[12][0-9]|3[01])(?=[^0-9A-Za-z]|T[0-9]|$)" +
    "|(?<!\\.)[0-9]{1,2}\\.[0-9]{3,} ?[,;]? ?-?[0-9]{1,3}\\.[0-9]{3,}(?!\\.[0-9])" +
    ")(?![0-9A-SU-Za-z])|\\n[ \\0]*\\n[ \\0\\n]*",
  "g",
);

function compact(text) {
  return `${BARRIER}${text}${BARRIER}`
    .replace(/\0+/g, GONE)
    .replace(/\0?([ \-./])\0?/g, "$1")
    .replace(/ {2,}/g, " ")
    .replace(/[ \-./]{4,}/g, BARRIER)
    .replace(/[ ./]+-[ \-./]*|-[ \-./]+/g, "-")
    .replace(/[ .]+\/[ ./]*|\/[ ./]+/g, "/")
    .replace(/ +\.[ .]*|\.[ .]+/g, ".");
}

const WORDS = {
  gone: "\\0?",
  mark: "[\\x20\\-./]",
  end: "(?![0-9])",
  day: "(?:0gone[1-9]|[12]gone[0-9]|3gone[01]|6gone[1-9]|[78]gone[0-9]|9gone[01])",
  month: "(?:0gone[1-9]|1gone[0-2])",
  year: "(?:century gone)?pair",
  century: "(?:1gone[89]|2gone0)",
  pair: "[0-9]gone[0-9]",
  four: "pair gone pair",
  one: "mark[0-9]",
  two: "[0-9][0-9]",
  quad: "two two",
  date: "(?<=\\x20two)[./\\-][0-9]",
  aeon: "(?:1[89]|20)two",
  apart:
    "(?:0mark[1-9]|[12]one|3mark[01]|6mark[1-9]|[78]one|9mark[01])" +
    "mark(?:0mark[1-9]|1mark[0-2])(?:mark1mark[89]|mark2mark0)?one one",
};
const SPELLINGS = [
  "day gone month gone year gone four end",
  "(?=day(mark))(?<![^0-9]two\\2)day\\2month\\2year gone four end",
  "(?!quad mark quad mark quad mark quad end" +
    "|(?<=[^0-9]quad mark)quad mark quad mark quad end" +
    "|(?<=[0-9]mark)two(mark)two(?!\\3)([./\\-])two\\4aeon end)" +
    "day(?:mark|gone)month(?:mark|gone)year mark(?:four end|[0-9]one one one end(?!one end))",
  "day mark month mark century mark pair mark four end",
  "(?:day gone month gone|day mark month gone|day gone month mark)" +
    "year(mark)pair(\\x20|\\5)pair end(?!\\6two end(?!date)|(?!\\x20)\\6quad end)",
  "(?=day(mark))(?<![^0-9]two\\7)day\\7month\\7(?:century(?:\\7|gone))?pair" +
    "(mark)pair(\\x20|\\8)pair end(?!\\9two end(?!date)|(?!\\x20)\\9quad end)",
  "apart mark four end",
  "(?<![^0-9][0-9]mark)apart one one one one end(?!one end)",
];

function inFull(template) {
  const next = template.replace(/[a-z]{3,}/g, (word) => WORDS[word]);
  return next === template ? template.replace(/ /g, "") : inFull(next);
}

export const PATTERN = inFull(
  `(?<![0-9])(?!(?<=[0-9][./\\-])aeon mark)(?=(${SPELLINGS.join("|")}))`,
);
const NUMBER = new RegExp(PATTERN, "g");

function holdsNumber(text) {
  for (const digits of text.matchAll(/[0-9](?:[\0 \-./]?[0-9]){9,}/g)) {
    NUMBER.lastIndex = digits.index;
    if (NUMBER.test(text.slice(0, digits.index + digits[0].length))) return true;
  }
  return false;
}

/** Whether `text` holds something that looks like a CPR number. */
export function hasCprLike(text) {
  if ((text.match(/\p{Nd}/gu) ?? []).length < 10) return false;
  return viewsOf(text).some((view) => {
    if (!holdsNumber(compact(view.replace(/\n/g, " ")))) return false;
    const apart = view.replace(HARMLESS, (known) => BARRIER.repeat(known.length));
    return holdsNumber(compact(apart.replace(/\n/g, " ")));
  });
}
