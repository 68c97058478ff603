/** jsdom has no drag events; Lumino's widgets want them to exist when they are loaded. */
Object.assign(globalThis, { DragEvent: MouseEvent });

export {};
