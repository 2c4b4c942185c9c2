using System;
using System.Linq;
using System.Text;
using Shouldly;

namespace AotCompiler.Runtime.Tests;

public sealed unsafe class WeightStoreTests
{
    private const ulong PlanHigh = 0x0123456789ABCDEF;
    private const ulong PlanLow = 0xFEDCBA9876543210;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public void Align_copies_into_an_aligned_block(int length)
    {
        byte[] data = Payload(length);
        byte* block = WeightStore.Align(data);
        ((nuint)block % ModelArena.Alignment).ShouldBe(0u);
        new ReadOnlySpan<byte>(block, length).ToArray().ShouldBe(data);
    }

    [Fact]
    public void The_header_begins_with_its_signature_in_ascii()
        => Encoding.ASCII.GetString(Blob(Payload(32)), 0, 8).ShouldBe("AOTCWTS1");

    [Fact]
    public void Check_returns_the_payload_of_a_matching_blob()
    {
        fixed (byte* blob = Blob(Payload(100)))
        {
            (WeightStore.Check(blob, PlanHigh, PlanLow, 100, "Digits") == blob + WeightStore.HeaderLength).ShouldBeTrue();
            WeightStore.Verify(blob, "Digits");
        }
    }

    [Theory]
    [InlineData(0, "AOTCWTS1")]
    [InlineData(8, "its plan is")]
    [InlineData(23, "its plan is")]
    [InlineData(24, "it holds")]
    public void Check_names_the_model_the_reason_and_the_remedy(int damagedByte, string reason)
    {
        byte[] bytes = Blob(Payload(100));
        bytes[damagedByte] ^= 1;
        string message = Should.Throw<InvalidOperationException>(() => CheckBlob(bytes)).Message;
        message.ShouldContain("'Digits'");
        message.ShouldContain(reason);
        message.ShouldContain("Rebuild");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(777)]
    public void Verify_finds_any_flipped_bit(int length)
    {
        byte[] blob = Blob(Payload(length));
        for (int bit = 0; bit < length * 8; bit++)
        {
            blob[WeightStore.HeaderLength + (bit / 8)] ^= (byte)(1 << (bit % 8));
            Should.Throw<InvalidOperationException>(() => VerifyBlob(blob)).Message.ShouldContain("content hash");
            blob[WeightStore.HeaderLength + (bit / 8)] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void The_content_hash_does_not_depend_on_how_the_data_is_cut()
    {
        byte[] data = Payload(1000);
        ContentHash whole = default;
        whole.Append(data);
        ContentHash pieces = default;
        pieces.Append(data.AsSpan(0, 320));
        pieces.Append(data.AsSpan(320, 32));
        pieces.Append(data.AsSpan(352));
        pieces.ToUInt64().ShouldBe(whole.ToUInt64());
    }

    [Fact]
    public void The_content_hash_tells_trailing_zeros_apart()
        => Enumerable.Range(0, 100).Select(n => HashOf(new byte[n])).Distinct().Count().ShouldBe(100);

    // The value is part of the file format; this one comes from an independent computation.
    [Fact]
    public void The_content_hash_is_stable() => HashOf(Payload(100)).ShouldBe(0xDB5BEB6210E913CDUL);

    private static byte[] Payload(int length) => Enumerable.Range(0, length).Select(i => (byte)((i * 37) + 11)).ToArray();

    private static byte[] Blob(byte[] payload)
    {
        var blob = new byte[WeightStore.HeaderLength + payload.Length];
        new WeightBlobHeader(PlanHigh, PlanLow, payload.Length, HashOf(payload)).Write(blob);
        payload.CopyTo(blob, WeightStore.HeaderLength);
        return blob;
    }

    private static ulong HashOf(byte[] data)
    {
        fixed (byte* pointer = data)
        {
            return WeightStore.Hash(pointer, data.Length);
        }
    }

    private static void CheckBlob(byte[] bytes)
    {
        fixed (byte* blob = bytes)
        {
            WeightStore.Check(blob, PlanHigh, PlanLow, 100, "Digits");
        }
    }

    private static void VerifyBlob(byte[] bytes)
    {
        fixed (byte* blob = bytes)
        {
            WeightStore.Verify(blob, "Digits");
        }
    }
}
