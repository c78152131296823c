/** A small set for a chat with an organisation; screen readers name each in the visitor's own language. */
export const emoji = (
  '😀 😄 😅 😂 🙂 😉 😊 😍 😘 😋 😎 🤔 😐 🙄 😬 😴 😕 🙁 😢 😭 😡 😳 😱 🤒 🤗 🙏 👍 👎 👌 👋 🤝 👏 💪 🙌 ✌️ 🤞 ❤️ 🧡 💛 💚 💙 💜 💔 ✨ 🎉 🎂 🎁 🌞 🌧️ 🌈 ⭐ 🔥 ✅ ❌ ❓ ❗ ⏰ 📅 📍 📞 📧 📷 📄 🏠 🚗 🚌 🍎 🍞 🥕 ☕ 🐶 🐱 🌷 ♿ 👶 👪'
).split(' ');
