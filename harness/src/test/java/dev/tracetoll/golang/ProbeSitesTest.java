package dev.tracetoll.golang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.x86.Code;
import dev.tracetoll.x86.Instruction;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which instruction is probed; the code is written out byte by byte. */
class ProbeSitesTest {

    private static final long START = 0x1000;
    private static final long MORESTACK = 0x2000;

    /** Prefers what comes before a {@code ret}, if that is so, and has an objection to some instruction, if it has. */
    private record Preference(boolean overReturn, Optional<String> objection) implements SitePreference {

        @Override
        public boolean overReturn(Instruction candidate) {
            return overReturn;
        }

        @Override
        public Optional<String> objection(Instruction instruction) {
            return objection;
        }
    }

    private static ProbeSites sites(String code) {
        return sites(code, new Preference(true, Optional.empty()));
    }

    private static ProbeSites sites(String code, SitePreference preference) {
        return new ProbeSites(
                Code.decode(START, code),
                address -> address == MORESTACK,
                preference,
                address -> Optional.of(address - START));
    }

    @Test
    void callsAreSeenAtTheBranchOfTheStackCheck() throws Exception {
        ProbeSites sites = sites("""
                493b6610      // 1000 cmp rsp,[r14+0x10]
                7609          // 1004 jbe 100f
                55            // 1006 push rbp
                4889e5        // 1007 mov rbp,rsp
                5d            // 100a pop rbp
                c3            // 100b ret
                0f1f00        // 100c nop
                4889442408    // 100f mov [rsp+8],rax
                e8e70f0000    // 1014 call 2000
                488b442408    // 1019 mov rax,[rsp+8]
                ebe0          // 101e jmp 1000
                """);
        assertThat(sites.entry(SiteChoice.BEST).address()).isEqualTo(0x1004);
        assertThat(sites.entry(SiteChoice.BEST).fileOffset()).isEqualTo(4);
        assertThat(sites.entry(SiteChoice.BEST).check()).hasValueSatisfying(check -> {
            assertThat(check.target()).isEqualTo(0x100f);
            assertThat(check.grows(0x246)).as("zero flag").isTrue();
            assertThat(check.grows(0x203)).as("carry flag").isTrue();
            assertThat(check.grows(0x202)).as("neither").isFalse();
        });
        assertThat(sites.entry(SiteChoice.ENTRY).address()).isEqualTo(0x1000);
        assertThat(sites.entry(SiteChoice.ENTRY).check())
                .hasValueSatisfying(check -> assertThat(check.untold()).isTrue());
        assertThat(sites.returns(SiteChoice.BEST))
                .extracting(ProbeSite::address)
                .containsExactly(0x100bL);
    }

    @Test
    void aHugeFrameHasTwoChecks() throws Exception {
        ProbeSites sites = sites("""
                4989e4            // 1000 mov r12,rsp
                4981ec00200000    // 1003 sub r12,0x2000
                720c              // 100a jb 1018
                4d3b6610          // 100c cmp r12,[r14+0x10]
                7606              // 1010 jbe 1018
                55                // 1012 push rbp
                5d                // 1013 pop rbp
                c3                // 1014 ret
                0f1f00            // 1015 nop
                e8e30f0000        // 1018 call 2000
                ebe1              // 101d jmp 1000
                """);
        assertThat(sites.entry(SiteChoice.BEST).address()).isEqualTo(0x1010);
    }

    @Test
    void aLongBranchIsOneToo() throws Exception {
        ProbeSites sites = sites("""
                493b6610      // 1000 cmp rsp,[r14+0x10]
                0f8602000000  // 1004 jbe 100c
                5d            // 100a pop rbp
                c3            // 100b ret
                e8ef0f0000    // 100c call 2000
                ebed          // 1011 jmp 1000
                """);
        assertThat(sites.entry(SiteChoice.BEST).address()).isEqualTo(0x1004);
        assertThat(sites.entry(SiteChoice.BEST).check()).contains(new StackCheck(0x41, 0x100c));
    }

    @Test
    void behindACheckWithAnotherConditionCallsAreSeen() throws Exception {
        ProbeSites sites = sites("""
                493b6610      // 1000 cmp rsp,[r14+0x10]
                7406          // 1004 je 100c
                4889c3        // 1006 mov rbx,rax
                c3            // 1009 ret
                6690          // 100a nop
                e8ef0f0000    // 100c call 2000
                ebed          // 1011 jmp 1000
                """);
        assertThat(sites.entry(SiteChoice.BEST).address()).isEqualTo(0x1006);
        assertThat(sites.entry(SiteChoice.BEST).check()).isEmpty();
    }

    @Test
    void aReturnIsSeenAtANopBeforeItsFrameIsTakenDown() throws Exception {
        ProbeSites sites = sites("""
                55            // 1000 push rbp
                4883ec10      // 1001 sub rsp,0x10
                7502          // 1005 jne 1009
                31c0          // 1007 xor eax,eax
                6690          // 1009 nop
                4883c410      // 100b add rsp,0x10
                5d            // 100f pop rbp
                c3            // 1010 ret
                """);
        assertThat(sites.returns(SiteChoice.BEST)).singleElement().satisfies(site -> {
            assertThat(site.address()).isEqualTo(0x1009);
            assertThat(site.frameBytes()).isEqualTo(0x18);
        });
    }

    @Test
    void aReturnIsSeenAtItsRetWhereThatIsPreferred() throws Exception {
        assertThat(sites("90 4883c410 c3", new Preference(false, Optional.empty()))
                        .returns(SiteChoice.BEST))
                .singleElement()
                .satisfies(site -> assertThat(site.instruction().text()).isEqualTo("ret"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // A jump leads between the nop and the ret.
                "7401 90 c3",
                // The result is not there yet.
                "90 31c0 c3",
                // A switch jumps somewhere.
                "ff24c1 90 c3"
            })
    void wherePathsCouldMissTheNopReturnsAreSeenAtTheirRet(String code) throws Exception {
        assertThat(sites(code).returns(SiteChoice.BEST)).singleElement().satisfies(site -> {
            assertThat(site.instruction().text()).isEqualTo("ret");
            assertThat(site.frameBytes()).isZero();
        });
    }

    @Test
    void aFunctionWithoutCheckIsProbedAtItsEntry() throws Exception {
        ProbeSites sites = sites("488d0480 4831d8 c3");
        assertThat(sites.entry(SiteChoice.BEST).address()).isEqualTo(START);
        assertThat(sites.returns(SiteChoice.BEST)).hasSize(1);
    }

    @Test
    void aBranchThatDoesNotGrowTheStackIsNoCheck() throws Exception {
        ProbeSites sites = sites("""
                4885c0        // 1000 test rax,rax
                7401          // 1003 je 1006
                90            // 1005 nop
                e8f5f0ffff    // 1006 call 0100, not morestack
                c3            // 100b ret
                """);
        assertThat(sites.entry(SiteChoice.BEST).address()).isEqualTo(START);
    }

    @Test
    void anInstructionThatNoProbeMaySitOnIsRefused() {
        ProbeSites sites = sites("90 c3", new Preference(true, Optional.of("it is delicate")));
        assertThatThrownBy(() -> sites.entry(SiteChoice.BEST))
                .isInstanceOf(ProbeSites.Unprobeable.class)
                .hasMessage("it is delicate");
        assertThatThrownBy(() -> sites.returns(SiteChoice.ENTRY)).isInstanceOf(ProbeSites.Unprobeable.class);
    }

    @Test
    void aLoopBackToTheEntryIsRefused() {
        ProbeSites sites = sites("""
                48ffc8        // 1000 dec rax
                75fb          // 1003 jne 1000
                c3            // 1005 ret
                """);
        assertThatThrownBy(() -> sites.entry(SiteChoice.BEST))
                .isInstanceOf(ProbeSites.Unprobeable.class)
                .hasMessageContaining("jumps back");
    }

    @Test
    void aLoopThroughTheStackCheckIsRefused() {
        ProbeSites sites = sites("""
                493b6610      // 1000 cmp rsp,[r14+0x10]
                7606          // 1004 jbe 100c
                48ffc8        // 1006 dec rax
                75f5          // 1009 jne 1000
                c3            // 100b ret
                e8ef0f0000    // 100c call 2000
                ebed          // 1011 jmp 1000
                """);
        assertThatThrownBy(() -> sites.entry(SiteChoice.BEST))
                .isInstanceOf(ProbeSites.Unprobeable.class)
                .hasMessageContaining("jumps back");
    }

    @Test
    void aFunctionThatCallsItselfDoesNotJumpBack() throws Exception {
        ProbeSites sites = sites("""
                4885c0        // 1000 test rax,rax
                7408          // 1003 je 100d
                48ffc8        // 1005 dec rax
                e8f3ffffff    // 1008 call 1000
                c3            // 100d ret
                """);
        assertThat(sites.entry(SiteChoice.BEST).address()).isEqualTo(START);
        assertThat(sites.tailCalls()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"e9fb0f0000", "0f85fa0f0000 c3", "ffe2", "41ffe4", "ff22", "ff642408"})
    void jumpsOutOfTheFunctionAreTailCalls(String code) {
        assertThat(sites(code).tailCalls()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ff24c8 c3", "41ff24cc c3", "ffd2 c3", "7400 c3"})
    void jumpsThroughTablesCallsAndJumpsInsideAreNone(String code) {
        assertThat(sites(code).tailCalls()).isFalse();
    }

    @Test
    void everyReturnIsFound() throws Exception {
        ProbeSites sites = sites("4885c0 7401 c3 31c0 c3 f3c3");
        assertThat(sites.returns(SiteChoice.BEST))
                .extracting(ProbeSite::address)
                .containsExactly(0x1005L, 0x1008L, 0x1009L);
    }
}
