// What is right in a quiz, for whoever answers it without net: to be shown at once. The server marks
// it again when it arrives, and its mark is the one that counts.
//
// The rules are those of courses/kinds; tests/courses/marking_corpus.json holds both to the same answers.

const textsOf = (text) => Object.values(text ?? {});
const isEmpty = (text) => !textsOf(text).some(Boolean);
const words = (text) => text.trim().split(/\s+/).join(" ");

// --- Spelling: core.languages.fold ----------------------------------------------------------------

const OLD = { "â": "aa", "î": "ii", "û": "uu", "ê": "ee", "ô": "oo", "ĸ": "q", "ä": "æ", "ö": "ø" };

function fold(text) {
  const plain = text.replaceAll("K'", "q").replaceAll("ĸ", "q").normalize("NFKC");
  const small = (character) => Array.from(character.toLowerCase().replaceAll("ß", "ss").normalize("NFC"));
  return Array.from(plain)
    .flatMap(small)
    .map((one) => ("æøå".includes(one) ? one : OLD[one] ?? one.normalize("NFD").replace(/\p{Mn}/gu, "")))
    .join("");
}

const trimmed = (text, marks) => text.replace(new RegExp(`^[${marks}]+|[${marks}]+$`, "g"), "");

/** A text as answers are compared: case, spaces, old spelling and a last dot aside. */
export const folded = (text) => fold(trimmed(words(text), " .!?")).trim();

// --- Numbers: courses.kinds.writing.read_number ---------------------------------------------------

const PLACES = 24;

/** The number that a text says in Danish, in units so small that none of it is lost; null for none. */
export function readNumber(text, units = []) {
  let plain = words(text).toLowerCase();
  for (const unit of units.filter(Boolean).map((one) => one.toLowerCase())) {
    if (plain.endsWith(unit)) plain = plain.slice(0, -unit.length).trim();
  }
  plain = plain.replaceAll("−", "-").replaceAll(" ", "");
  if (plain.includes(",")) plain = plain.replaceAll(".", "").replace(",", ".");
  else if (/^[+-]?\d{1,3}(?:\.\d{3})+$/.test(plain)) plain = plain.replaceAll(".", "");
  const found = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))$/.exec(plain);
  if (!found) return null;
  const [, sign, whole = "0", decimals, only] = found;
  const rest = (decimals ?? only ?? "").slice(0, PLACES).padEnd(PLACES, "0");
  const size = BigInt(whole + rest);
  return sign === "-" ? -size : size;
}

const apart = (one, other) => (one > other ? one - other : other - one);

// --- The kinds ------------------------------------------------------------------------------------

const rowsOf = ({ content }) => content.choices;
const unitsOf = ({ content }) => textsOf(content.unit);
const toleranceOf = (row) => readNumber(row.tolerance ?? "0") ?? 0n;
const isSpelling = (row, said) => textsOf(row.text).some((text) => folded(text) === said);
const itemsOf = (question) => rowsOf(question).filter((row) => !isEmpty(row.text));

function gapsOf(question) {
  const gaps = new Map();
  for (const row of [...rowsOf(question)].sort((one, other) => one.gap - other.gap)) {
    const gap = String(row.gap);
    gaps.set(gap, [...(gaps.get(gap) ?? []), row]);
  }
  return gaps;
}

/** Whether one chooses from the rows of a gap rather than types. */
const isChosen = (rows) => !rows.every((row) => row.is_correct);

const rowInGap = (rows, value) =>
  isChosen(rows) ? rows.find((row) => row.id === value) : rows.find((row) => isSpelling(row, folded(value)));

function rowOfNumber(question, chosen) {
  const number = readNumber(chosen, unitsOf(question));
  return rowsOf(question).find((row) => apart(number, readNumber(row.text.da)) <= toleranceOf(row));
}

const choosing = {
  right: (question, chosen) => rowsOf(question).map((row) => chosen.includes(row.id) === row.is_correct),
  same: (question, chosen, other) => rowsOf(question).map((row) => chosen.includes(row.id) === other.includes(row.id)),
};

const KINDS = {
  single: choosing,
  multiple: choosing,
  true_false: choosing,
  matching: {
    hasParts: true,
    right: (question, chosen) => itemsOf(question).map((row) => chosen[row.id] === row.match_key),
    same: (question, chosen, other) => itemsOf(question).map((row) => chosen[row.id] === other[row.id]),
  },
  ordering: {
    right: (question, chosen) => rowsOf(question).map((row, at) => chosen[at] === row.id),
    same: (_question, chosen, other) => chosen.map((one, at) => one === other[at]),
  },
  numeric: {
    right: (question, chosen) => [Boolean(rowOfNumber(question, chosen)?.is_correct)],
    same(question, chosen, other) {
      const units = unitsOf(question);
      const right = rowsOf(question).find((row) => row.is_correct);
      return [apart(readNumber(chosen, units), readNumber(other, units)) <= toleranceOf(right)];
    },
  },
  short: {
    right: (question, chosen) => [Boolean(rowsOf(question).find((row) => isSpelling(row, folded(chosen)))?.is_correct)],
    same: (_question, chosen, other) => [folded(chosen) === folded(other)],
  },
  cloze: {
    hasParts: true,
    right: (question, chosen) =>
      [...gapsOf(question)].map(([gap, rows]) => Boolean(rowInGap(rows, chosen[gap])?.is_correct)),
    same: (question, chosen, other) =>
      [...gapsOf(question).keys()].map((gap) => folded(chosen[gap]) === folded(other[gap])),
  },
};

/** Of each part of an answer whether it counts as right, corrections included. */
function verdicts(question, chosen) {
  const kind = KINDS[question.kind];
  let parts = kind.right(question, chosen);
  const { all, also = [] } = question.correction ?? {};
  if (all) return parts.map(() => true);
  for (const other of also) {
    const same = kind.same(question, chosen, other);
    if (kind.hasParts) parts = parts.map((one, at) => one || same[at]);
    else if (same.every(Boolean)) parts = same;
  }
  return parts;
}

/** How much of an answer is right: `{ right, parts }`. A question counts when all of it is. */
export function judge(question, chosen) {
  const parts = verdicts(question, chosen);
  return { right: parts.filter(Boolean).length, parts: parts.length };
}

export const isRight = (question, chosen) => {
  const { right, parts } = judge(question, chosen);
  return right === parts;
};

/** Whether it was found wrong and counts for nobody. */
export const isLeftOut = (question) => Boolean(question.correction?.out);

/** Score and total as the server counts them, and whether that is enough. */
export function count(questions, answers, passPercent) {
  const counting = questions.filter((question) => !isLeftOut(question));
  const total = counting.length || questions.length;
  const score = counting.length ? counting.filter((one) => isRight(one, answers[one.version])).length : total;
  return { score, total, passed: score * 100 >= total * passPercent };
}

// --- The answer in parts, for the result ----------------------------------------------------------

/** What is right beside `chosen`: that itself, where it counts; of one answer alone, every one that does. */
function rightRows(question, chosen) {
  const solution = rowsOf(question).flatMap((row) => (row.is_correct ? [row.id] : []));
  const found = isRight(question, chosen) ? chosen : solution;
  const alone = question.kind === "multiple" ? [] : [...solution, ...(question.correction?.also ?? []).flat()];
  return new Set([...found, ...alone]);
}

/**
 * The rows of a list as they stand, or null for a kind whose answer has parts. `said` is the row whose
 * feedback is shown: not that of a wrong one that counts by a correction.
 */
export function linesOf(question, chosen) {
  if (KINDS[question.kind] !== choosing) return null;
  const right = rightRows(question, chosen);
  return rowsOf(question).map((row) => {
    const [isChosen, isRight] = [chosen.includes(row.id), right.has(row.id)];
    const isSaid = row.is_correct ? isChosen || isRight : isChosen && !isRight;
    return { text: row.text, isChosen, isRight, said: isSaid ? row : null };
  });
}

/** Each part: `{ label, given, right, isRight, said }`; texts by language, or plain. */
export function partsOf(question, chosen, gapLabel) {
  const was = KINDS[question.kind].right(question, chosen);
  const counts = verdicts(question, chosen);
  return answered(question, chosen, gapLabel).map(({ row, ...part }, at) => ({
    ...part,
    isRight: counts[at],
    said: counts[at] && !was[at] ? null : row,
  }));
}

function answered(question, chosen, gapLabel) {
  const rows = rowsOf(question);
  if (question.kind === "matching") {
    const options = new Map(rows.map((row) => [row.match_key, row.match]));
    return itemsOf(question).map((row) => (
      { label: row.text, given: options.get(chosen[row.id]), right: row.match, row }));
  }
  if (question.kind === "ordering") {
    return rows.map((row, at) => (
      { label: row.text, given: String(chosen.indexOf(row.id) + 1), right: String(at + 1), row }));
  }
  if (question.kind === "cloze") {
    return [...gapsOf(question)].map(([gap, found]) => {
      const row = rowInGap(found, chosen[gap]);
      const given = row && isChosen(found) ? row.text : chosen[gap];
      return { label: gapLabel(gap), given, right: found.find((one) => one.is_correct).text, row };
    });
  }
  const row =
    question.kind === "numeric"
      ? rowOfNumber(question, chosen)
      : rows.find((one) => isSpelling(one, folded(chosen)));
  return [{ label: "", given: chosen, right: rows.find((one) => one.is_correct).text, row }];
}

// --- Reading the form -----------------------------------------------------------------------------

/**
 * What a form says, as the server takes it: `{ answers, missing }`. `missing` names each field that
 * lacks something: `[name, question's number, code]`; code is "choose", "write", "number" or "twice".
 */
export function readForm(form, questions) {
  const answers = {};
  const missing = [];
  questions.forEach((question, at) => {
    const name = `answer-${question.version}`;
    const lack = (part, code) => missing.push([part ? `${name}-${part}` : name, at + 1, code]);
    const value = (part) => words(form.elements[part ? `${name}-${part}` : name]?.value ?? "");
    const { kind } = question;
    if (KINDS[kind] === choosing) {
      const chosen = new FormData(form).getAll(name);
      answers[question.version] = chosen.sort();
      if (!chosen.length) lack("", "choose");
    } else if (kind === "matching" || kind === "cloze") {
      const gaps = kind === "cloze" ? gapsOf(question) : null;
      const parts = gaps ? [...gaps.keys()] : itemsOf(question).map((row) => row.id);
      answers[question.version] = Object.fromEntries(parts.map((part) => [part, value(part)]));
      for (const part of parts) if (!value(part)) lack(part, gaps && !isChosen(gaps.get(part)) ? "write" : "choose");
    } else if (kind === "ordering") {
      const placed = rowsOf(question).map((row) => [Number(value(row.id)), row.id]);
      const seen = new Set();
      for (const [place, id] of placed) {
        if (!place) lack(id, "choose");
        else if (seen.has(place)) lack(id, "twice");
        seen.add(place);
      }
      answers[question.version] = placed.sort(([one], [other]) => one - other).map(([, id]) => id);
    } else {
      answers[question.version] = value("");
      if (!value("")) lack("", "write");
      else if (kind === "numeric" && readNumber(value(""), unitsOf(question)) === null) lack("", "number");
    }
  });
  return { answers, missing };
}
