/** What this process has worked so far, in milliseconds. Waiting for a processor on a busy machine does not count, so what must not take long is measured with it. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
