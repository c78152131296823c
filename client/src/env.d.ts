/// <reference types="vite/client" />
import 'vue-router';

declare module 'vue-router' {
  interface RouteMeta {
    /** Key of the page's title. */
    title?: string;
    /** Reachable without being signed in. */
    public?: boolean;
    /** Only administrators of the account. */
    administrator?: boolean;
    /** Reachable while two-step sign-in still has to be set up. */
    beforeMfa?: boolean;
    /** Features whose words this page needs; its own feature's are always there. */
    messages?: string[];
  }
}
