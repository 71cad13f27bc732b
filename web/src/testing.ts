/** Tests of logic run without a browser; this is the little of one that modules ask for when they are loaded. */
Object.assign(globalThis, { location: new URL("http://127.0.0.1/dashboard") });
