package dev.tracetoll.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TurnsTest {

    private static final Map<String, Integer> TURNS = Map.of("a", 10, "b", 10, "c", 2, "d", 3, "e", 1);
    private static final List<String> ALL = List.of("a", "b", "c", "d", "e");

    /** Who is not named belongs to one group, each of the others to its own. */
    private static List<String> order(long seed, String... alone) {
        return Turns.order(ALL, TURNS::get, who -> List.of(alone).contains(who) ? who : "together", new Random(seed));
    }

    @Test
    void eachHasItsTurnsAndOneToBeginAndOneToEnd() {
        List<String> order = order(7);

        ALL.forEach(
                each -> assertThat(Collections.frequency(order, each)).as(each).isEqualTo(TURNS.get(each) + 2));
        assertThat(order.subList(0, ALL.size())).isEqualTo(ALL);
        assertThat(order.subList(order.size() - ALL.size(), order.size())).isEqualTo(ALL);
    }

    @Test
    void turnsAreMixedInAFreshOrderEachTime() {
        List<String> order = order(7);
        List<String> between = order.subList(ALL.size(), order.size() - ALL.size());

        for (int i = 0; i < TURNS.get("a"); i++) {
            assertThat(nth(between, "a", i))
                    .as("the same number of turns of a and b")
                    .isLessThan(nth(between, "b", Math.min(i + 1, 9)) + 1);
        }
        assertThat(nth(between, "d", 0)).as("the few are spread").isBetween(3, 12);
        assertThat(nth(between, "d", 2)).isGreaterThan(between.size() - 6);
        assertThat(order(7))
                .as("the same seed")
                .isEqualTo(order(7))
                .as("another seed")
                .isNotEqualTo(order(8));
    }

    private static int nth(List<String> order, String who, int n) {
        int seen = 0;
        for (int i = 0; i < order.size(); i++) {
            if (order.get(i).equals(who) && seen++ == n) {
                return i;
            }
        }
        throw new AssertionError("no turn " + n + " of " + who + " in " + order);
    }

    @Test
    void groupsFollowEachOther() {
        for (long seed = 0; seed < 50; seed++) {
            List<String> order = order(seed, "b", "d");

            for (String alone : List.of("b", "d")) {
                int first = order.indexOf(alone);
                assertThat(order.subList(first, first + TURNS.get(alone) + 2)).containsOnly(alone);
                assertThat(Collections.frequency(order, alone)).isEqualTo(TURNS.get(alone) + 2);
                assertThat(List.of("b", "d", "a", "c", "e"))
                        .allSatisfy(other -> assertThat(other.equals(alone)
                                        || order.indexOf(other) > first
                                        || order.lastIndexOf(other) < first)
                                .as("%s beside %s: %s", other, alone, order)
                                .isTrue());
            }
        }
    }

    @Test
    void oneGoesOnAtATime() {
        List<String> order = order(7, "d");
        Turns<String> turns = new Turns<>(order);
        List<String> done = Collections.synchronizedList(new ArrayList<>());

        CompletableFuture.allOf(ALL.stream()
                        .map(who -> CompletableFuture.runAsync(
                                () -> {
                                    for (int i = 0; i < TURNS.get(who) + 2; i++) {
                                        turns.await(who);
                                        done.add(who);
                                        turns.pass();
                                    }
                                },
                                command -> new Thread(command).start()))
                        .toArray(CompletableFuture[]::new))
                .join();

        assertThat(done).isEqualTo(order);
        assertThat(turns.share()).isEqualTo(1);
        assertThat(turns.cause()).isEmpty();
    }

    @Test
    void aFailureEndsWhoWaitsAndWhoComesLater() throws Exception {
        Turns<String> turns = new Turns<>(List.of("a", "b", "a", "b"));
        CompletableFuture<Void> waiting =
                CompletableFuture.runAsync(() -> turns.await("b"), command -> new Thread(command).start());
        turns.await("a");

        turns.end(new IllegalStateException("first"));
        turns.end(new Turns.Ended());

        assertThatThrownBy(waiting::join).hasCauseInstanceOf(Turns.Ended.class);
        assertThatThrownBy(() -> turns.await("a")).isInstanceOf(Turns.Ended.class);
        assertThat(turns.cause()).hasValueSatisfying(cause -> assertThat(cause).hasMessage("first"));
    }
}
