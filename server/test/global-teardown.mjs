export default async function globalTeardown() {
  await globalThis.porchlightTestPostgres?.stop();
}
