/** Version of this extension, as its package names it; the engine is told. */
export const VERSION = '0.1.0';
