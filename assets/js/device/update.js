/** Says that a new version waits; it takes over at the next start, never under somebody's hands. */
export async function tellUpdate(part) {
  const registration = await navigator.serviceWorker?.getRegistration();
  if (!registration) return;
  const show = () => {
    part.hidden = !(registration.active && registration.waiting);
  };
  const listen = () => registration.installing?.addEventListener("statechange", show);
  registration.addEventListener("updatefound", listen);
  listen();
  show();
}
