// Preloaded into the server (`node --import`): when the start script is killed, its channel closes, and the server
// must not go on holding the port and the database on its own.
process.channel?.unref();
process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.exit(1), 10_000).unref();
});
