export const hasCprLike = (text) => /(?<!\d)(?:[0-36-9]\d)[01]\d\d{2}[ \-./]?\d{4}(?!\d)/.test(text);
