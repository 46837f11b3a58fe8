// The rule against citizens' identity (../identity.js), as the script of every page has it: what a device
// brings beside that script need not carry the rule a second time. Without it nothing is queued.
export const hasCprLike = (text) => self.hasCprLike(text);
