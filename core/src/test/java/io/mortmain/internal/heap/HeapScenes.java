package io.mortmain.internal.heap;

import java.util.List;
import java.util.function.BiConsumer;

/** Transactions in which holders are killed, each after others that lived. */
final class HeapScenes {
    /**
     * One of them.
     *
     * @param name for messages
     * @param before transactions that are committed before
     * @param change the transaction
     */
    record Scene(String name, List<BiConsumer<HeapModel, Heap>> before, BiConsumer<HeapModel, Heap> change) {
        @Override
        public String toString() {
            return name;
        }
    }

    private HeapScenes() {}

    static final BiConsumer<HeapModel, Heap> SOME = (model, heap) -> {
        long first = model.allocate(heap, 8);
        long second = model.allocate(heap, 40);
        model.fill(heap, first, 100);
        model.fill(heap, second, 200);
        model.setRoot(heap, first);
    };
    static final BiConsumer<HeapModel, Heap> MORE = (model, heap) -> {
        long third = model.allocate(heap, 40);
        model.fill(heap, third, 300);
        model.fill(heap, model.allocate(heap, 24), 400);
    };

    static final List<Scene> ALL = List.of(
            new Scene("the first block", List.of(), (model, heap) -> {
                long unused = model.allocate(heap, 1);
            }),
            new Scene("blocks of several classes", List.of(SOME), (model, heap) -> {
                for (int bytes : new int[] {8, 16, 24, 32, 40, 56, 100}) {
                    model.put(heap, model.allocate(heap, bytes), 0, bytes);
                }
            }),
            new Scene("contents", List.of(SOME), (model, heap) -> {
                model.fill(heap, block(model, 1), 700);
                model.put(heap, block(model, 0), 0, 701);
            }),
            new Scene("a block is freed", List.of(SOME, MORE), (model, heap) -> model.free(heap, block(model, 1))),
            new Scene("two of a class are freed", List.of(SOME, MORE), (model, heap) -> {
                model.free(heap, block(model, 2));
                model.free(heap, block(model, 1));
            }),
            new Scene("a freed block is taken again", List.of(SOME, MORE, freed(1, 2)), (model, heap) -> {
                long again = model.allocate(heap, 33);
                model.put(heap, again, 4, 77);
            }),
            new Scene("freed and taken again in one", List.of(SOME, MORE), (model, heap) -> {
                model.free(heap, block(model, 1));
                model.fill(heap, model.allocate(heap, 40), 800);
            }),
            new Scene("taken, freed and taken again in one", List.of(SOME, freed(1)), (model, heap) -> {
                long block = model.allocate(heap, 40);
                model.fill(heap, block, 900);
                model.free(heap, block);
                long unused = model.allocate(heap, 40);
            }),
            new Scene("a growth step", List.of(SOME, MORE), (model, heap) -> {
                long block = model.allocate(heap, 400);
                model.put(heap, block, 0, 1);
                model.put(heap, block, 49, 2);
            }),
            new Scene("a growth step for nothing but space", List.of(SOME), (model, heap) -> {
                long unused = model.allocate(heap, 500);
            }),
            new Scene("the root is another", List.of(SOME), (model, heap) -> {
                long old = model.root();
                model.setRoot(heap, block(model, 1));
                model.free(heap, old);
            }),
            new Scene("no root", List.of(SOME), (model, heap) -> model.setRoot(heap, 0)),
            new Scene("many things in one", List.of(SOME, MORE, freed(3)), (model, heap) -> {
                long node = model.allocate(heap, 20);
                model.put(heap, node, 0, model.root());
                model.setRoot(heap, node);
                model.free(heap, block(model, 1));
                model.fill(heap, model.allocate(heap, 60), 500);
                model.put(heap, model.allocate(heap, 900), 111, 3);
            }),
            new Scene("above a former top", List.of(SOME, MORE, (model, heap) -> model.clear(heap)), (model, heap) -> {
                long unused = model.allocate(heap, 100);
                model.put(heap, model.allocate(heap, 60), 1, 4);
            }),
            new Scene("cleared", List.of(SOME, MORE, freed(1)), (model, heap) -> model.clear(heap)),
            new Scene("nothing", List.of(SOME), (model, heap) -> {}));

    private static long block(HeapModel model, int index) {
        return model.handles()[index];
    }

    private static BiConsumer<HeapModel, Heap> freed(int... indices) {
        return (model, heap) -> {
            long[] handles = model.handles();
            for (int index : indices) {
                model.free(heap, handles[index]);
            }
        };
    }
}
