import { parentPort } from 'node:worker_threads';
import { NotAMail, readMail, type ReadMail } from './read-mail.js';

/** What the thread answers. */
export type WorkerAnswer = { id: number; mail: ReadMail } | { id: number; notAMail: string } | { id: number; failed: string };

/* A thread of its own: whatever a mail does to the reader, the process goes on. */
parentPort!.on('message', ({ id, bytes }: { id: number; bytes: Uint8Array }) => {
  try {
    const mail = readMail(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    // A file that is a piece of the mail's own bytes is copied out, so that only it travels.
    const files = mail.files.map((file) => ({ ...file, content: new Uint8Array(file.content) as unknown as Buffer }));
    parentPort!.postMessage({ id, mail: { ...mail, files } } satisfies WorkerAnswer, files.map((file) => file.content.buffer as ArrayBuffer));
  } catch (error) {
    parentPort!.postMessage((error instanceof NotAMail ? { id, notAMail: error.message } : { id, failed: (error as Error).message }) satisfies WorkerAnswer);
  }
});
