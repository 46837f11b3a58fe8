// What one tab of this browser tells the others. Never what somebody wrote: each reads the store.

const channel = new BroadcastChannel("sidemand");

/** Tell every other tab, and the worker. */
export function tell(kind, detail = {}) {
  channel.postMessage({ ...detail, kind });
}

/** Call `react` with what another tab tells of this kind; gives a function that ends it. */
export function hear(kind, react) {
  const listener = ({ data }) => data?.kind === kind && react(data);
  channel.addEventListener("message", listener);
  return () => channel.removeEventListener("message", listener);
}
