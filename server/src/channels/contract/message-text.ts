/** Longest text of a message, in characters. What a visitor writes in the chat window is shorter. */
export const MAX_CONTENT = 150_000;
/** Up to so many characters a text is read as Markdown. What is longer stands as it was written: marking it up takes longer than anybody should wait for it. */
export const MAX_MARKED_UP = 10_000;
