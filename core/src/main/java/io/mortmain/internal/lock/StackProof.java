package io.mortmain.internal.lock;

import io.mortmain.internal.layout.ThreadSlotLayout;
import io.mortmain.internal.words.Words;

/**
 * Proves, before the first store of an operation, that the stack suffices until after the last.
 *
 * <p>A StackOverflowError is thrown when a method is entered, by the interpreter or by compiled code that then calls on; without a
 * proof one came between the stores in most of some hundred attempts and left the mutex locked. The proof is a method with many local
 * variables that nobody uses, each 16 bytes of frame. Entering it in the interpreter overflows if that room is not there. Compiled, the
 * variables cost a store per page at most, because the JIT makes a method check on entry for the largest interpreter frames that it may
 * have to be turned back into at any of its points, those of inlined methods included, and the branch to {@link #wiped} is such a point.
 *
 * <p>Sizes: each operation needs less than its own proof; and whoever could acquire near the end of the stack can also release from the
 * same frame, whatever way that takes, so that to acquire needs more than to release slowly and a few calls.
 *
 * <pre>
 *   uncontended   acquire 12 KiB   release 3 KiB
 *   slow          acquire 24 KiB   release 8 KiB
 * </pre>
 */
final class StackProof {
    private StackProof() {}

    /** The calling thread's number, 0 in a forked child, after proving the stack of an uncontended acquisition. */
    @SuppressWarnings("UnusedVariable") // their room is their use
    static int toAcquire(Words words, LockThread me) {
        // spotless:off
        long s000, s001, s002, s003, s004, s005, s006, s007, s008, s009, s00a, s00b, s00c, s00d, s00e, s00f;
        long s010, s011, s012, s013, s014, s015, s016, s017, s018, s019, s01a, s01b, s01c, s01d, s01e, s01f;
        long s020, s021, s022, s023, s024, s025, s026, s027, s028, s029, s02a, s02b, s02c, s02d, s02e, s02f;
        long s030, s031, s032, s033, s034, s035, s036, s037, s038, s039, s03a, s03b, s03c, s03d, s03e, s03f;
        long s040, s041, s042, s043, s044, s045, s046, s047, s048, s049, s04a, s04b, s04c, s04d, s04e, s04f;
        long s050, s051, s052, s053, s054, s055, s056, s057, s058, s059, s05a, s05b, s05c, s05d, s05e, s05f;
        long s060, s061, s062, s063, s064, s065, s066, s067, s068, s069, s06a, s06b, s06c, s06d, s06e, s06f;
        long s070, s071, s072, s073, s074, s075, s076, s077, s078, s079, s07a, s07b, s07c, s07d, s07e, s07f;
        long s080, s081, s082, s083, s084, s085, s086, s087, s088, s089, s08a, s08b, s08c, s08d, s08e, s08f;
        long s090, s091, s092, s093, s094, s095, s096, s097, s098, s099, s09a, s09b, s09c, s09d, s09e, s09f;
        long s0a0, s0a1, s0a2, s0a3, s0a4, s0a5, s0a6, s0a7, s0a8, s0a9, s0aa, s0ab, s0ac, s0ad, s0ae, s0af;
        long s0b0, s0b1, s0b2, s0b3, s0b4, s0b5, s0b6, s0b7, s0b8, s0b9, s0ba, s0bb, s0bc, s0bd, s0be, s0bf;
        long s0c0, s0c1, s0c2, s0c3, s0c4, s0c5, s0c6, s0c7, s0c8, s0c9, s0ca, s0cb, s0cc, s0cd, s0ce, s0cf;
        long s0d0, s0d1, s0d2, s0d3, s0d4, s0d5, s0d6, s0d7, s0d8, s0d9, s0da, s0db, s0dc, s0dd, s0de, s0df;
        long s0e0, s0e1, s0e2, s0e3, s0e4, s0e5, s0e6, s0e7, s0e8, s0e9, s0ea, s0eb, s0ec, s0ed, s0ee, s0ef;
        long s0f0, s0f1, s0f2, s0f3, s0f4, s0f5, s0f6, s0f7, s0f8, s0f9, s0fa, s0fb, s0fc, s0fd, s0fe, s0ff;
        long s100, s101, s102, s103, s104, s105, s106, s107, s108, s109, s10a, s10b, s10c, s10d, s10e, s10f;
        long s110, s111, s112, s113, s114, s115, s116, s117, s118, s119, s11a, s11b, s11c, s11d, s11e, s11f;
        long s120, s121, s122, s123, s124, s125, s126, s127, s128, s129, s12a, s12b, s12c, s12d, s12e, s12f;
        long s130, s131, s132, s133, s134, s135, s136, s137, s138, s139, s13a, s13b, s13c, s13d, s13e, s13f;
        long s140, s141, s142, s143, s144, s145, s146, s147, s148, s149, s14a, s14b, s14c, s14d, s14e, s14f;
        long s150, s151, s152, s153, s154, s155, s156, s157, s158, s159, s15a, s15b, s15c, s15d, s15e, s15f;
        long s160, s161, s162, s163, s164, s165, s166, s167, s168, s169, s16a, s16b, s16c, s16d, s16e, s16f;
        long s170, s171, s172, s173, s174, s175, s176, s177, s178, s179, s17a, s17b, s17c, s17d, s17e, s17f;
        long s180, s181, s182, s183, s184, s185, s186, s187, s188, s189, s18a, s18b, s18c, s18d, s18e, s18f;
        long s190, s191, s192, s193, s194, s195, s196, s197, s198, s199, s19a, s19b, s19c, s19d, s19e, s19f;
        long s1a0, s1a1, s1a2, s1a3, s1a4, s1a5, s1a6, s1a7, s1a8, s1a9, s1aa, s1ab, s1ac, s1ad, s1ae, s1af;
        long s1b0, s1b1, s1b2, s1b3, s1b4, s1b5, s1b6, s1b7, s1b8, s1b9, s1ba, s1bb, s1bc, s1bd, s1be, s1bf;
        long s1c0, s1c1, s1c2, s1c3, s1c4, s1c5, s1c6, s1c7, s1c8, s1c9, s1ca, s1cb, s1cc, s1cd, s1ce, s1cf;
        long s1d0, s1d1, s1d2, s1d3, s1d4, s1d5, s1d6, s1d7, s1d8, s1d9, s1da, s1db, s1dc, s1dd, s1de, s1df;
        long s1e0, s1e1, s1e2, s1e3, s1e4, s1e5, s1e6, s1e7, s1e8, s1e9, s1ea, s1eb, s1ec, s1ed, s1ee, s1ef;
        long s1f0, s1f1, s1f2, s1f3, s1f4, s1f5, s1f6, s1f7, s1f8, s1f9, s1fa, s1fb, s1fc, s1fd, s1fe, s1ff;
        long s200, s201, s202, s203, s204, s205, s206, s207, s208, s209, s20a, s20b, s20c, s20d, s20e, s20f;
        long s210, s211, s212, s213, s214, s215, s216, s217, s218, s219, s21a, s21b, s21c, s21d, s21e, s21f;
        long s220, s221, s222, s223, s224, s225, s226, s227, s228, s229, s22a, s22b, s22c, s22d, s22e, s22f;
        long s230, s231, s232, s233, s234, s235, s236, s237, s238, s239, s23a, s23b, s23c, s23d, s23e, s23f;
        long s240, s241, s242, s243, s244, s245, s246, s247, s248, s249, s24a, s24b, s24c, s24d, s24e, s24f;
        long s250, s251, s252, s253, s254, s255, s256, s257, s258, s259, s25a, s25b, s25c, s25d, s25e, s25f;
        long s260, s261, s262, s263, s264, s265, s266, s267, s268, s269, s26a, s26b, s26c, s26d, s26e, s26f;
        long s270, s271, s272, s273, s274, s275, s276, s277, s278, s279, s27a, s27b, s27c, s27d, s27e, s27f;
        long s280, s281, s282, s283, s284, s285, s286, s287, s288, s289, s28a, s28b, s28c, s28d, s28e, s28f;
        long s290, s291, s292, s293, s294, s295, s296, s297, s298, s299, s29a, s29b, s29c, s29d, s29e, s29f;
        long s2a0, s2a1, s2a2, s2a3, s2a4, s2a5, s2a6, s2a7, s2a8, s2a9, s2aa, s2ab, s2ac, s2ad, s2ae, s2af;
        long s2b0, s2b1, s2b2, s2b3, s2b4, s2b5, s2b6, s2b7, s2b8, s2b9, s2ba, s2bb, s2bc, s2bd, s2be, s2bf;
        long s2c0, s2c1, s2c2, s2c3, s2c4, s2c5, s2c6, s2c7, s2c8, s2c9, s2ca, s2cb, s2cc, s2cd, s2ce, s2cf;
        long s2d0, s2d1, s2d2, s2d3, s2d4, s2d5, s2d6, s2d7, s2d8, s2d9, s2da, s2db, s2dc, s2dd, s2de, s2df;
        long s2e0, s2e1, s2e2, s2e3, s2e4, s2e5, s2e6, s2e7, s2e8, s2e9, s2ea, s2eb, s2ec, s2ed, s2ee, s2ef;
        long s2f0, s2f1, s2f2, s2f3, s2f4, s2f5, s2f6, s2f7, s2f8, s2f9, s2fa, s2fb, s2fc, s2fd, s2fe, s2ff;
        // spotless:on
        return threadId(words, me);
    }

    /** As {@link #toAcquire}, for one that may wait. */
    @SuppressWarnings("UnusedVariable") // their room is their use
    static int toAcquireSlowly(Words words, LockThread me) {
        // spotless:off
        long s000, s001, s002, s003, s004, s005, s006, s007, s008, s009, s00a, s00b, s00c, s00d, s00e, s00f;
        long s010, s011, s012, s013, s014, s015, s016, s017, s018, s019, s01a, s01b, s01c, s01d, s01e, s01f;
        long s020, s021, s022, s023, s024, s025, s026, s027, s028, s029, s02a, s02b, s02c, s02d, s02e, s02f;
        long s030, s031, s032, s033, s034, s035, s036, s037, s038, s039, s03a, s03b, s03c, s03d, s03e, s03f;
        long s040, s041, s042, s043, s044, s045, s046, s047, s048, s049, s04a, s04b, s04c, s04d, s04e, s04f;
        long s050, s051, s052, s053, s054, s055, s056, s057, s058, s059, s05a, s05b, s05c, s05d, s05e, s05f;
        long s060, s061, s062, s063, s064, s065, s066, s067, s068, s069, s06a, s06b, s06c, s06d, s06e, s06f;
        long s070, s071, s072, s073, s074, s075, s076, s077, s078, s079, s07a, s07b, s07c, s07d, s07e, s07f;
        long s080, s081, s082, s083, s084, s085, s086, s087, s088, s089, s08a, s08b, s08c, s08d, s08e, s08f;
        long s090, s091, s092, s093, s094, s095, s096, s097, s098, s099, s09a, s09b, s09c, s09d, s09e, s09f;
        long s0a0, s0a1, s0a2, s0a3, s0a4, s0a5, s0a6, s0a7, s0a8, s0a9, s0aa, s0ab, s0ac, s0ad, s0ae, s0af;
        long s0b0, s0b1, s0b2, s0b3, s0b4, s0b5, s0b6, s0b7, s0b8, s0b9, s0ba, s0bb, s0bc, s0bd, s0be, s0bf;
        long s0c0, s0c1, s0c2, s0c3, s0c4, s0c5, s0c6, s0c7, s0c8, s0c9, s0ca, s0cb, s0cc, s0cd, s0ce, s0cf;
        long s0d0, s0d1, s0d2, s0d3, s0d4, s0d5, s0d6, s0d7, s0d8, s0d9, s0da, s0db, s0dc, s0dd, s0de, s0df;
        long s0e0, s0e1, s0e2, s0e3, s0e4, s0e5, s0e6, s0e7, s0e8, s0e9, s0ea, s0eb, s0ec, s0ed, s0ee, s0ef;
        long s0f0, s0f1, s0f2, s0f3, s0f4, s0f5, s0f6, s0f7, s0f8, s0f9, s0fa, s0fb, s0fc, s0fd, s0fe, s0ff;
        long s100, s101, s102, s103, s104, s105, s106, s107, s108, s109, s10a, s10b, s10c, s10d, s10e, s10f;
        long s110, s111, s112, s113, s114, s115, s116, s117, s118, s119, s11a, s11b, s11c, s11d, s11e, s11f;
        long s120, s121, s122, s123, s124, s125, s126, s127, s128, s129, s12a, s12b, s12c, s12d, s12e, s12f;
        long s130, s131, s132, s133, s134, s135, s136, s137, s138, s139, s13a, s13b, s13c, s13d, s13e, s13f;
        long s140, s141, s142, s143, s144, s145, s146, s147, s148, s149, s14a, s14b, s14c, s14d, s14e, s14f;
        long s150, s151, s152, s153, s154, s155, s156, s157, s158, s159, s15a, s15b, s15c, s15d, s15e, s15f;
        long s160, s161, s162, s163, s164, s165, s166, s167, s168, s169, s16a, s16b, s16c, s16d, s16e, s16f;
        long s170, s171, s172, s173, s174, s175, s176, s177, s178, s179, s17a, s17b, s17c, s17d, s17e, s17f;
        long s180, s181, s182, s183, s184, s185, s186, s187, s188, s189, s18a, s18b, s18c, s18d, s18e, s18f;
        long s190, s191, s192, s193, s194, s195, s196, s197, s198, s199, s19a, s19b, s19c, s19d, s19e, s19f;
        long s1a0, s1a1, s1a2, s1a3, s1a4, s1a5, s1a6, s1a7, s1a8, s1a9, s1aa, s1ab, s1ac, s1ad, s1ae, s1af;
        long s1b0, s1b1, s1b2, s1b3, s1b4, s1b5, s1b6, s1b7, s1b8, s1b9, s1ba, s1bb, s1bc, s1bd, s1be, s1bf;
        long s1c0, s1c1, s1c2, s1c3, s1c4, s1c5, s1c6, s1c7, s1c8, s1c9, s1ca, s1cb, s1cc, s1cd, s1ce, s1cf;
        long s1d0, s1d1, s1d2, s1d3, s1d4, s1d5, s1d6, s1d7, s1d8, s1d9, s1da, s1db, s1dc, s1dd, s1de, s1df;
        long s1e0, s1e1, s1e2, s1e3, s1e4, s1e5, s1e6, s1e7, s1e8, s1e9, s1ea, s1eb, s1ec, s1ed, s1ee, s1ef;
        long s1f0, s1f1, s1f2, s1f3, s1f4, s1f5, s1f6, s1f7, s1f8, s1f9, s1fa, s1fb, s1fc, s1fd, s1fe, s1ff;
        long s200, s201, s202, s203, s204, s205, s206, s207, s208, s209, s20a, s20b, s20c, s20d, s20e, s20f;
        long s210, s211, s212, s213, s214, s215, s216, s217, s218, s219, s21a, s21b, s21c, s21d, s21e, s21f;
        long s220, s221, s222, s223, s224, s225, s226, s227, s228, s229, s22a, s22b, s22c, s22d, s22e, s22f;
        long s230, s231, s232, s233, s234, s235, s236, s237, s238, s239, s23a, s23b, s23c, s23d, s23e, s23f;
        long s240, s241, s242, s243, s244, s245, s246, s247, s248, s249, s24a, s24b, s24c, s24d, s24e, s24f;
        long s250, s251, s252, s253, s254, s255, s256, s257, s258, s259, s25a, s25b, s25c, s25d, s25e, s25f;
        long s260, s261, s262, s263, s264, s265, s266, s267, s268, s269, s26a, s26b, s26c, s26d, s26e, s26f;
        long s270, s271, s272, s273, s274, s275, s276, s277, s278, s279, s27a, s27b, s27c, s27d, s27e, s27f;
        long s280, s281, s282, s283, s284, s285, s286, s287, s288, s289, s28a, s28b, s28c, s28d, s28e, s28f;
        long s290, s291, s292, s293, s294, s295, s296, s297, s298, s299, s29a, s29b, s29c, s29d, s29e, s29f;
        long s2a0, s2a1, s2a2, s2a3, s2a4, s2a5, s2a6, s2a7, s2a8, s2a9, s2aa, s2ab, s2ac, s2ad, s2ae, s2af;
        long s2b0, s2b1, s2b2, s2b3, s2b4, s2b5, s2b6, s2b7, s2b8, s2b9, s2ba, s2bb, s2bc, s2bd, s2be, s2bf;
        long s2c0, s2c1, s2c2, s2c3, s2c4, s2c5, s2c6, s2c7, s2c8, s2c9, s2ca, s2cb, s2cc, s2cd, s2ce, s2cf;
        long s2d0, s2d1, s2d2, s2d3, s2d4, s2d5, s2d6, s2d7, s2d8, s2d9, s2da, s2db, s2dc, s2dd, s2de, s2df;
        long s2e0, s2e1, s2e2, s2e3, s2e4, s2e5, s2e6, s2e7, s2e8, s2e9, s2ea, s2eb, s2ec, s2ed, s2ee, s2ef;
        long s2f0, s2f1, s2f2, s2f3, s2f4, s2f5, s2f6, s2f7, s2f8, s2f9, s2fa, s2fb, s2fc, s2fd, s2fe, s2ff;
        long s300, s301, s302, s303, s304, s305, s306, s307, s308, s309, s30a, s30b, s30c, s30d, s30e, s30f;
        long s310, s311, s312, s313, s314, s315, s316, s317, s318, s319, s31a, s31b, s31c, s31d, s31e, s31f;
        long s320, s321, s322, s323, s324, s325, s326, s327, s328, s329, s32a, s32b, s32c, s32d, s32e, s32f;
        long s330, s331, s332, s333, s334, s335, s336, s337, s338, s339, s33a, s33b, s33c, s33d, s33e, s33f;
        long s340, s341, s342, s343, s344, s345, s346, s347, s348, s349, s34a, s34b, s34c, s34d, s34e, s34f;
        long s350, s351, s352, s353, s354, s355, s356, s357, s358, s359, s35a, s35b, s35c, s35d, s35e, s35f;
        long s360, s361, s362, s363, s364, s365, s366, s367, s368, s369, s36a, s36b, s36c, s36d, s36e, s36f;
        long s370, s371, s372, s373, s374, s375, s376, s377, s378, s379, s37a, s37b, s37c, s37d, s37e, s37f;
        long s380, s381, s382, s383, s384, s385, s386, s387, s388, s389, s38a, s38b, s38c, s38d, s38e, s38f;
        long s390, s391, s392, s393, s394, s395, s396, s397, s398, s399, s39a, s39b, s39c, s39d, s39e, s39f;
        long s3a0, s3a1, s3a2, s3a3, s3a4, s3a5, s3a6, s3a7, s3a8, s3a9, s3aa, s3ab, s3ac, s3ad, s3ae, s3af;
        long s3b0, s3b1, s3b2, s3b3, s3b4, s3b5, s3b6, s3b7, s3b8, s3b9, s3ba, s3bb, s3bc, s3bd, s3be, s3bf;
        long s3c0, s3c1, s3c2, s3c3, s3c4, s3c5, s3c6, s3c7, s3c8, s3c9, s3ca, s3cb, s3cc, s3cd, s3ce, s3cf;
        long s3d0, s3d1, s3d2, s3d3, s3d4, s3d5, s3d6, s3d7, s3d8, s3d9, s3da, s3db, s3dc, s3dd, s3de, s3df;
        long s3e0, s3e1, s3e2, s3e3, s3e4, s3e5, s3e6, s3e7, s3e8, s3e9, s3ea, s3eb, s3ec, s3ed, s3ee, s3ef;
        long s3f0, s3f1, s3f2, s3f3, s3f4, s3f5, s3f6, s3f7, s3f8, s3f9, s3fa, s3fb, s3fc, s3fd, s3fe, s3ff;
        long s400, s401, s402, s403, s404, s405, s406, s407, s408, s409, s40a, s40b, s40c, s40d, s40e, s40f;
        long s410, s411, s412, s413, s414, s415, s416, s417, s418, s419, s41a, s41b, s41c, s41d, s41e, s41f;
        long s420, s421, s422, s423, s424, s425, s426, s427, s428, s429, s42a, s42b, s42c, s42d, s42e, s42f;
        long s430, s431, s432, s433, s434, s435, s436, s437, s438, s439, s43a, s43b, s43c, s43d, s43e, s43f;
        long s440, s441, s442, s443, s444, s445, s446, s447, s448, s449, s44a, s44b, s44c, s44d, s44e, s44f;
        long s450, s451, s452, s453, s454, s455, s456, s457, s458, s459, s45a, s45b, s45c, s45d, s45e, s45f;
        long s460, s461, s462, s463, s464, s465, s466, s467, s468, s469, s46a, s46b, s46c, s46d, s46e, s46f;
        long s470, s471, s472, s473, s474, s475, s476, s477, s478, s479, s47a, s47b, s47c, s47d, s47e, s47f;
        long s480, s481, s482, s483, s484, s485, s486, s487, s488, s489, s48a, s48b, s48c, s48d, s48e, s48f;
        long s490, s491, s492, s493, s494, s495, s496, s497, s498, s499, s49a, s49b, s49c, s49d, s49e, s49f;
        long s4a0, s4a1, s4a2, s4a3, s4a4, s4a5, s4a6, s4a7, s4a8, s4a9, s4aa, s4ab, s4ac, s4ad, s4ae, s4af;
        long s4b0, s4b1, s4b2, s4b3, s4b4, s4b5, s4b6, s4b7, s4b8, s4b9, s4ba, s4bb, s4bc, s4bd, s4be, s4bf;
        long s4c0, s4c1, s4c2, s4c3, s4c4, s4c5, s4c6, s4c7, s4c8, s4c9, s4ca, s4cb, s4cc, s4cd, s4ce, s4cf;
        long s4d0, s4d1, s4d2, s4d3, s4d4, s4d5, s4d6, s4d7, s4d8, s4d9, s4da, s4db, s4dc, s4dd, s4de, s4df;
        long s4e0, s4e1, s4e2, s4e3, s4e4, s4e5, s4e6, s4e7, s4e8, s4e9, s4ea, s4eb, s4ec, s4ed, s4ee, s4ef;
        long s4f0, s4f1, s4f2, s4f3, s4f4, s4f5, s4f6, s4f7, s4f8, s4f9, s4fa, s4fb, s4fc, s4fd, s4fe, s4ff;
        long s500, s501, s502, s503, s504, s505, s506, s507, s508, s509, s50a, s50b, s50c, s50d, s50e, s50f;
        long s510, s511, s512, s513, s514, s515, s516, s517, s518, s519, s51a, s51b, s51c, s51d, s51e, s51f;
        long s520, s521, s522, s523, s524, s525, s526, s527, s528, s529, s52a, s52b, s52c, s52d, s52e, s52f;
        long s530, s531, s532, s533, s534, s535, s536, s537, s538, s539, s53a, s53b, s53c, s53d, s53e, s53f;
        long s540, s541, s542, s543, s544, s545, s546, s547, s548, s549, s54a, s54b, s54c, s54d, s54e, s54f;
        long s550, s551, s552, s553, s554, s555, s556, s557, s558, s559, s55a, s55b, s55c, s55d, s55e, s55f;
        long s560, s561, s562, s563, s564, s565, s566, s567, s568, s569, s56a, s56b, s56c, s56d, s56e, s56f;
        long s570, s571, s572, s573, s574, s575, s576, s577, s578, s579, s57a, s57b, s57c, s57d, s57e, s57f;
        long s580, s581, s582, s583, s584, s585, s586, s587, s588, s589, s58a, s58b, s58c, s58d, s58e, s58f;
        long s590, s591, s592, s593, s594, s595, s596, s597, s598, s599, s59a, s59b, s59c, s59d, s59e, s59f;
        long s5a0, s5a1, s5a2, s5a3, s5a4, s5a5, s5a6, s5a7, s5a8, s5a9, s5aa, s5ab, s5ac, s5ad, s5ae, s5af;
        long s5b0, s5b1, s5b2, s5b3, s5b4, s5b5, s5b6, s5b7, s5b8, s5b9, s5ba, s5bb, s5bc, s5bd, s5be, s5bf;
        long s5c0, s5c1, s5c2, s5c3, s5c4, s5c5, s5c6, s5c7, s5c8, s5c9, s5ca, s5cb, s5cc, s5cd, s5ce, s5cf;
        long s5d0, s5d1, s5d2, s5d3, s5d4, s5d5, s5d6, s5d7, s5d8, s5d9, s5da, s5db, s5dc, s5dd, s5de, s5df;
        long s5e0, s5e1, s5e2, s5e3, s5e4, s5e5, s5e6, s5e7, s5e8, s5e9, s5ea, s5eb, s5ec, s5ed, s5ee, s5ef;
        long s5f0, s5f1, s5f2, s5f3, s5f4, s5f5, s5f6, s5f7, s5f8, s5f9, s5fa, s5fb, s5fc, s5fd, s5fe, s5ff;
        // spotless:on
        return threadId(words, me);
    }

    /** As {@link #toAcquire}, for an uncontended release. */
    @SuppressWarnings("UnusedVariable") // their room is their use
    static int toRelease(Words words, LockThread me) {
        // spotless:off
        long s000, s001, s002, s003, s004, s005, s006, s007, s008, s009, s00a, s00b, s00c, s00d, s00e, s00f;
        long s010, s011, s012, s013, s014, s015, s016, s017, s018, s019, s01a, s01b, s01c, s01d, s01e, s01f;
        long s020, s021, s022, s023, s024, s025, s026, s027, s028, s029, s02a, s02b, s02c, s02d, s02e, s02f;
        long s030, s031, s032, s033, s034, s035, s036, s037, s038, s039, s03a, s03b, s03c, s03d, s03e, s03f;
        long s040, s041, s042, s043, s044, s045, s046, s047, s048, s049, s04a, s04b, s04c, s04d, s04e, s04f;
        long s050, s051, s052, s053, s054, s055, s056, s057, s058, s059, s05a, s05b, s05c, s05d, s05e, s05f;
        long s060, s061, s062, s063, s064, s065, s066, s067, s068, s069, s06a, s06b, s06c, s06d, s06e, s06f;
        long s070, s071, s072, s073, s074, s075, s076, s077, s078, s079, s07a, s07b, s07c, s07d, s07e, s07f;
        long s080, s081, s082, s083, s084, s085, s086, s087, s088, s089, s08a, s08b, s08c, s08d, s08e, s08f;
        long s090, s091, s092, s093, s094, s095, s096, s097, s098, s099, s09a, s09b, s09c, s09d, s09e, s09f;
        long s0a0, s0a1, s0a2, s0a3, s0a4, s0a5, s0a6, s0a7, s0a8, s0a9, s0aa, s0ab, s0ac, s0ad, s0ae, s0af;
        long s0b0, s0b1, s0b2, s0b3, s0b4, s0b5, s0b6, s0b7, s0b8, s0b9, s0ba, s0bb, s0bc, s0bd, s0be, s0bf;
        // spotless:on
        return threadId(words, me);
    }

    /** As {@link #toAcquire}, for a release that may wake. */
    @SuppressWarnings("UnusedVariable") // their room is their use
    static int toReleaseSlowly(Words words, LockThread me) {
        // spotless:off
        long s000, s001, s002, s003, s004, s005, s006, s007, s008, s009, s00a, s00b, s00c, s00d, s00e, s00f;
        long s010, s011, s012, s013, s014, s015, s016, s017, s018, s019, s01a, s01b, s01c, s01d, s01e, s01f;
        long s020, s021, s022, s023, s024, s025, s026, s027, s028, s029, s02a, s02b, s02c, s02d, s02e, s02f;
        long s030, s031, s032, s033, s034, s035, s036, s037, s038, s039, s03a, s03b, s03c, s03d, s03e, s03f;
        long s040, s041, s042, s043, s044, s045, s046, s047, s048, s049, s04a, s04b, s04c, s04d, s04e, s04f;
        long s050, s051, s052, s053, s054, s055, s056, s057, s058, s059, s05a, s05b, s05c, s05d, s05e, s05f;
        long s060, s061, s062, s063, s064, s065, s066, s067, s068, s069, s06a, s06b, s06c, s06d, s06e, s06f;
        long s070, s071, s072, s073, s074, s075, s076, s077, s078, s079, s07a, s07b, s07c, s07d, s07e, s07f;
        long s080, s081, s082, s083, s084, s085, s086, s087, s088, s089, s08a, s08b, s08c, s08d, s08e, s08f;
        long s090, s091, s092, s093, s094, s095, s096, s097, s098, s099, s09a, s09b, s09c, s09d, s09e, s09f;
        long s0a0, s0a1, s0a2, s0a3, s0a4, s0a5, s0a6, s0a7, s0a8, s0a9, s0aa, s0ab, s0ac, s0ad, s0ae, s0af;
        long s0b0, s0b1, s0b2, s0b3, s0b4, s0b5, s0b6, s0b7, s0b8, s0b9, s0ba, s0bb, s0bc, s0bd, s0be, s0bf;
        long s0c0, s0c1, s0c2, s0c3, s0c4, s0c5, s0c6, s0c7, s0c8, s0c9, s0ca, s0cb, s0cc, s0cd, s0ce, s0cf;
        long s0d0, s0d1, s0d2, s0d3, s0d4, s0d5, s0d6, s0d7, s0d8, s0d9, s0da, s0db, s0dc, s0dd, s0de, s0df;
        long s0e0, s0e1, s0e2, s0e3, s0e4, s0e5, s0e6, s0e7, s0e8, s0e9, s0ea, s0eb, s0ec, s0ed, s0ee, s0ef;
        long s0f0, s0f1, s0f2, s0f3, s0f4, s0f5, s0f6, s0f7, s0f8, s0f9, s0fa, s0fb, s0fc, s0fd, s0fe, s0ff;
        long s100, s101, s102, s103, s104, s105, s106, s107, s108, s109, s10a, s10b, s10c, s10d, s10e, s10f;
        long s110, s111, s112, s113, s114, s115, s116, s117, s118, s119, s11a, s11b, s11c, s11d, s11e, s11f;
        long s120, s121, s122, s123, s124, s125, s126, s127, s128, s129, s12a, s12b, s12c, s12d, s12e, s12f;
        long s130, s131, s132, s133, s134, s135, s136, s137, s138, s139, s13a, s13b, s13c, s13d, s13e, s13f;
        long s140, s141, s142, s143, s144, s145, s146, s147, s148, s149, s14a, s14b, s14c, s14d, s14e, s14f;
        long s150, s151, s152, s153, s154, s155, s156, s157, s158, s159, s15a, s15b, s15c, s15d, s15e, s15f;
        long s160, s161, s162, s163, s164, s165, s166, s167, s168, s169, s16a, s16b, s16c, s16d, s16e, s16f;
        long s170, s171, s172, s173, s174, s175, s176, s177, s178, s179, s17a, s17b, s17c, s17d, s17e, s17f;
        long s180, s181, s182, s183, s184, s185, s186, s187, s188, s189, s18a, s18b, s18c, s18d, s18e, s18f;
        long s190, s191, s192, s193, s194, s195, s196, s197, s198, s199, s19a, s19b, s19c, s19d, s19e, s19f;
        long s1a0, s1a1, s1a2, s1a3, s1a4, s1a5, s1a6, s1a7, s1a8, s1a9, s1aa, s1ab, s1ac, s1ad, s1ae, s1af;
        long s1b0, s1b1, s1b2, s1b3, s1b4, s1b5, s1b6, s1b7, s1b8, s1b9, s1ba, s1bb, s1bc, s1bd, s1be, s1bf;
        long s1c0, s1c1, s1c2, s1c3, s1c4, s1c5, s1c6, s1c7, s1c8, s1c9, s1ca, s1cb, s1cc, s1cd, s1ce, s1cf;
        long s1d0, s1d1, s1d2, s1d3, s1d4, s1d5, s1d6, s1d7, s1d8, s1d9, s1da, s1db, s1dc, s1dd, s1de, s1df;
        long s1e0, s1e1, s1e2, s1e3, s1e4, s1e5, s1e6, s1e7, s1e8, s1e9, s1ea, s1eb, s1ec, s1ed, s1ee, s1ef;
        long s1f0, s1f1, s1f2, s1f3, s1f4, s1f5, s1f6, s1f7, s1f8, s1f9, s1fa, s1fb, s1fc, s1fd, s1fe, s1ff;
        // spotless:on
        return threadId(words, me);
    }

    private static int threadId(Words words, LockThread me) {
        int threadId = me.cachedThreadId;
        if (words.getIntPlain(Words.aligned(me.slot) + ThreadSlotLayout.THREAD_ID) != threadId) {
            return wiped(me);
        }
        return threadId;
    }

    /** A branch that is not taken, for the JIT to keep a point to come back to inside a proof. */
    private static int wiped(LockThread me) {
        assert me.slot != 0;
        return 0;
    }
}
