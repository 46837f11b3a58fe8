// Whether this device starts without net: the worker of the site, which keeps what that takes (serving.js).

const container = navigator.serviceWorker;

/** Whether all of it lies here. */
export const hasShell = async () => Boolean((await container?.getRegistration())?.active);

/** Fetch what is not here yet. Resolves once all of it is, and on a link that breaks perhaps never. */
export async function fetchShell() {
  await container.register("/sw.js");
  await container.ready;
}
